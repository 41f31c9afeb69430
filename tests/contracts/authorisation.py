# ruff: noqa: E501 -- a table is read along its lines
"""Who may do what: one line per address and verb, one column per role. Read it like a law.

A cell is the status of the answer; `in` means "sign in first" (a redirect to the sign-in page),
`to` any other redirect. What has no line is refused to everybody.

anonymous     nobody in particular        guest       the patient of the appointment, with a ticket
other         another patient's ticket    stranger    a doctor of another practice
colleague     a doctor of the same one    assistant   an assistant of the practice
pending       a doctor of the practice without a licence (DEC-5)
owner         the doctor whose patient it is
administrator manages the practice, and is no doctor of this patient
staff         works for the operator, has a second factor and no patients (DEC-36)
"""

ROLES = (
    "anonymous guest other stranger colleague assistant pending owner administrator staff".split()
)

ADDRESSES = """
#                                          anonymous guest other stranger colleague assistant pending owner administrator staff
dashboard:home                       GET         200   200   200      200       200       200     200   200           200    to
core:healthz                         GET         200   200   200      200       200       200     200   200           200   200
core:readyz                          GET         200   200   200      200       200       200     200   200           200   200
core:csrf                            GET         200   200   200      200       200       200     200   200           200   200
core:styleguide                      GET         200   200   200      200       200       200     200   200           200   200
core:styleguide-error                GET         200   200   200      200       200       200     200   200           200   200
accounts:language                    POST         to    to    to       to        to        to      to    to            to    to
accounts:settings                    GET          in    in    in       to        to        to      to    to            to    to
accounts:general                     GET          in    in    in      200       200       200     200   200           200   200
accounts:switch                      POST         in    in    in       to        to        to      to    to            to    to
accounts:profile                     GET          in    in    in      200       200       200     200   200           200   200
accounts:profile                     POST         in    in    in      422       422       422     422   422           422   422
accounts:devices                     GET          in    in    in      200       200       200     200   200           200   200
accounts:devices                     POST         in    in    in       to        to        to      to    to            to    to
accounts:picture                     POST         in    in    in      422       422       422     422   422           422   422
accounts:picture-removal             POST         in    in    in       to        to        to      to    to            to    to
accounts:address                     GET           in    in    in      410       410       410     410   200           410   410
accounts:address                     POST          in    in    in      410       410       410     410    to           410   410
accounts:address-withdrawal          POST          in    in    in       to        to        to      to    to            to    to
accounts:proof                       GET           in    in    in      200       200       200     200   200           200   200
accounts:proof                       POST          in    in    in      422       422       422     422   422           422   422
accounts:proof-document              GET           in    in    in      404       404       404     404   200           404   404
accounts:security                    GET          in    in    in      200       200       200     200   200           200   200
accounts:second-factor               GET          in    in    in       to        to        to      to    to            to    to
accounts:tie-removal                 GET          in    in    in       to        to        to      to    to            to   404
accounts:tie-removal                 POST         in    in    in       to        to        to      to    to            to   404
accounts:sign-in-end                 POST         in    in    in      404       404       404     404    to           404   404
accounts:other-sign-ins-end          POST         in    in    in       to        to        to      to    to            to    to
organisations:picture                GET          in    in    in      404       200       200     404   200           200   404
organisations:join                   GET         404   404   404      404       404       404     404   404           404   404
organisations:organisation           GET          in    in    in      200       200       200     200   200           200   404
organisations:organisation           POST         in    in    in       to        to        to      to    to            to   404
support:support                      GET          in    in    in      200       200       200     200   200           200   200
support:support                      POST         in    in    in      422       422       422     422   422           422   422
support:change                       GET           in    in    in      200       200       200     200   200           200   200
support:change                       POST          in    in    in      422       422       422     422   422           422   422
support:change-withdrawal            POST          in    in    in       to        to        to      to    to            to    to
compliance:imprint                   GET         200   200   200      200       200       200     200   200           200   200
compliance:privacy                   GET         200   200   200      200       200       200     200   200           200   200
compliance:terms                     GET         200   200   200      200       200       200     200   200           200   200
notifications:outbox-list            GET         200   200   200      200       200       200     200   200           200   200
notifications:outbox-detail          GET         200   200   200      200       200       200     200   200           200   200
notifications:outbox-body            GET         200   200   200      200       200       200     200   200           200   200
notifications:outbox-attachment      GET         200   200   200      200       200       200     200   200           200   200
realtime:phone                       GET         404   404   404      404       404       404     404   404           404   404
realtime:certificate                 GET         404   404   404      404       404       404     404   404           404   404

appointments:appointment-list        GET          in    in    in      200       200       200      to   200           200    to
appointments:appointment-create      GET          in    in    in      200       200       200      to   200           200    to
appointments:appointment-create      POST         in    in    in      422       422       422      to   422           422    to
appointments:person-list             GET          in    in    in      200       200       200      to   200           200    to
appointments:appointment-detail      GET          in    in    in      404       404       404      to   200           404    to
appointments:appointment-edit        GET          in    in    in      404       404       404      to   200           404    to
appointments:appointment-edit        POST         in    in    in      404       404       404      to   422           404    to
appointments:link-replacement        GET          in    in    in      404       404       404      to   200           404    to
appointments:link-replacement        POST         in    in    in      404       404       404      to    to           404    to
appointments:appointment-deletion    GET          in    in    in      404       404       404      to   200           404    to
appointments:appointment-deletion    POST         in    in    in      404       404       404      to    to           404    to
appointments:invitation-sheet        GET          in    in    in      404       404       404      to   200           404    to
appointments:invitation-create       POST         in    in    in      404       404       404      to    to           404    to
calls:log-list                       GET          in    in    in      200       200       200      to   200           200    to
calls:log-export                     POST         in    in    in      200       200       200      to   200           200    to
calls:call-create                    POST         in    in    in      404       404        to      to   409           404    to

appointments:lost-link               GET         200   200   200      200       200       200     200   200           200   200
appointments:lost-link               POST        422   422   422      422       422       422     422   422           422   422
appointments:lost-link-sent          GET         200   200   200      200       200       200     200   200           200   200
appointments:guest-cancellation      GET         404   200   404      404       404       404     404   404           404   404
appointments:guest-cancellation      POST        404   409   404      404       404       404     404   404           404   404
guests:link                          GET         200   200   200      200       200       200     200   200           200   200
guests:link                          POST         to    to    to       to        to        to      to    to            to    to
guests:open-check                    GET         200   200   200      200       200       200     200   200           200   200
guests:check                         GET         200   200   200      200       200       200     200   200           200   200
guests:check                         POST         to    to    to       to        to        to      to    to            to    to
calls:check                          GET         404   200   404      404       404       404     404   404           404   404
calls:check-relays                   GET         404   200   404      404       404       404     404   404           404   404
calls:check-result                   POST        404   200   404      404       404       404     404   404           404   404
calls:visit-language                 POST        404    to   404      404       404       404     404   404           404   404
calls:visit                          GET         404   200   404      404       404       404     404   404           404   404
calls:visit-state                    GET         404   200   404      404       404       404     404   404           404   404
calls:visit-name                     POST        404   200   404      404       404       404     404   404           404   404
calls:visit-waiting                  POST        404   200   404      404       404       404     404   404           404   404
calls:visit-departure                POST        404   200   404      404       404       404     404   404           404   404
calls:call-detail                    GET          in    in    in      404       404       404     404   200           404   404
calls:call-end                       POST         in    in    in      404       404       404     404   200           404   404
calls:call-mode                      POST         in    in    in      404       404       404     404   409           404   404
calls:call-summary                   GET          in    in    in      404       404        to      to   409           404    to
calls:call-rating                    POST         in    in    in      404       404       404     404   409           404   404
calls:guest-call-summary             GET         404   409   404      404       404       404     404   404           404   404
calls:guest-call-rating              POST        404   409   404      404       404       404     404   404           404   404
calls:call-people                    GET          in    in    in      404       404        to      to   200           404    to
calls:call-people                    POST         in    in    in      404       404        to      to   409           404    to
calls:call-admission                 POST         in    in    in      404       404        to      to   409           404    to
calls:person-refusal                 POST         in    in    in      404       404        to      to   409           404    to
calls:call-removal                   POST         in    in    in      404       404        to      to   409           404    to
calls:guest-call-detail              GET         404   200   404      404       404       404     404   404           404   404
calls:guest-call-end                 POST        404   200   404      404       404       404     404   404           404   404
calls:guest-call-mode                POST        404   409   404      404       404       404     404   404           404   404
calls:call-acceptance                POST        404   200   404      404       404       404     404   404           404   404
calls:call-refusal                   POST        404   200   404      404       404       404     404   404           404   404

administration:dashboard             GET          in    in    in      404      404       404     404   404           200   404
administration:figures-file          POST         in    in    in      404      404       404     404   404           200   404
administration:member-list           GET          in    in    in      404      404       404     404   404           200   404
administration:member-detail         GET          in    in    in      404      404       404     404   404           200   404
administration:member-detail         POST         in    in    in      404      404       404     404   404           422   404
administration:member-role           POST         in    in    in      404      404       404     404   404            to   404
administration:member-address-withdrawal POST          in    in    in      404       404       404     404   404            to   404
administration:member-assignment     POST         in    in    in      404      404       404     404   404            to   404
administration:member-licence        GET          in    in    in      404      404       404     404   404           200   404
administration:member-licence        POST         in    in    in      404      404       404     404   404            to   404
administration:member-handover       GET         in    in    in      404      404       404     404   404           200   404
administration:member-handover       POST        in    in    in      404      404       404     404   404           422   404
administration:member-removal        GET         in    in    in      404      404       404     404   404           200   404
administration:member-removal        POST        in    in    in      404      404       404     404   404           422   404
administration:invitation-list       GET         in    in    in      404      404       404     404   404           200   404
administration:invitation-list       POST        in    in    in      404      404       404     404   404           422   404
administration:invitation-withdrawal POST        in    in    in      404      404       404     404   404            to   404
administration:organisation-logo     POST         in    in    in      404      404       404     404   404           422   404
administration:second-factor-rule    POST        in    in    in      404      404       404     404   404            to   404
administration:organisation-detail   GET          in    in    in      404      404       404     404   404           200   404
administration:organisation-detail   POST         in    in    in      404      404       404     404   404           422   404
administration:join-id-renewal       GET          in    in    in      404      404       404     404   404           200   404
administration:join-id-renewal       POST         in    in    in      404      404       404     404   404            to   404
administration:log-list              GET          in    in    in      404      404       404     404   404           200   404
administration:log-export            POST         in    in    in      404      404       404     404   404           200   404

backoffice:home                      GET           in    in    in      404      404       404     404   404           404   200
backoffice:change-list               GET           in    in    in      404       404       404     404   404           404   200
backoffice:change-detail             GET           in    in    in      404       404       404     404   404           404   200
backoffice:change-approval           GET           in    in    in      404       404       404     404   404           404   200
backoffice:change-approval           POST          in    in    in      404       404       404     404   404           404    to
backoffice:change-refusal            GET           in    in    in      404       404       404     404   404           404   200
backoffice:change-refusal            POST          in    in    in      404       404       404     404   404           404   422
backoffice:proof-list                GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-detail              GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-document            GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-acceptance          GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-acceptance          POST          in    in    in      404       404       404     404   404           404    to
backoffice:proof-rejection           GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-rejection           POST          in    in    in      404       404       404     404   404           404   422
backoffice:proof-revocation          GET           in    in    in      404       404       404     404   404           404   200
backoffice:proof-revocation          POST          in    in    in      404       404       404     404   404           404   422
backoffice:request-list              GET           in    in    in      404      404       404     404   404           404   200
backoffice:request-detail            GET           in    in    in      404      404       404     404   404           404   200
backoffice:request-closing           GET           in    in    in      404      404       404     404   404           404   200
backoffice:request-closing           POST          in    in    in      404      404       404     404   404           404    to
backoffice:person-list               GET           in    in    in      404      404       404     404   404           404   200
backoffice:person-detail             GET           in    in    in      404      404       404     404   404           404   200
backoffice:person-block              GET           in    in    in      404      404       404     404   404           404   200
backoffice:person-block              POST          in    in    in      404      404       404     404   404           404   422
backoffice:person-unblock            GET           in    in    in      404      404       404     404   404           404   200
backoffice:person-unblock            POST          in    in    in      404      404       404     404   404           404    to
backoffice:person-second-factor-reset GET           in    in    in      404      404       404     404   404           404   200
backoffice:person-second-factor-reset POST          in    in    in      404      404       404     404   404           404    to
backoffice:organisation-resumption   GET           in    in    in      404      404       404     404   404           404   200
backoffice:organisation-resumption   POST          in    in    in      404      404       404     404   404           404    to
backoffice:organisation-list         GET           in    in    in      404      404       404     404   404           404   200
backoffice:organisation-detail       GET           in    in    in      404      404       404     404   404           404   200
backoffice:organisation-suspension   GET           in    in    in      404      404       404     404   404           404   200
backoffice:organisation-suspension   POST          in    in    in      404      404       404     404   404           404   422

account_login                        GET         200   200   200       to        to        to      to    to            to    to
account_login                        POST        200   200   200       to        to        to      to    to            to    to
account_signup                       GET         200   200   200       to        to        to      to    to            to    to
account_signup                       POST        200   200   200       to        to        to      to    to            to    to
account_logout                       GET          to    to    to      200       200       200     200   200           200   200
account_logout                       POST         to    to    to       to        to        to      to    to            to    to
account_inactive                     GET         200   200   200      200       200       200     200   200           200   200
account_email_verification_sent      GET         200   200   200      200       200       200     200   200           200   200
account_confirm_email                GET         200   200   200      200       200       200     200   200           200   200
account_confirm_email                POST        404   404   404      404       404       404     404   404           404   404
account_reset_password               GET         200   200   200      200       200       200     200   200           200   200
account_reset_password               POST        200   200   200      200       200       200     200   200           200   200
account_reset_password_done          GET         200   200   200      200       200       200     200   200           200   200
account_reset_password_from_key      GET         200   200   200      200       200       200     200   200           200   200
account_reset_password_from_key      POST        200   200   200      200       200       200     200   200           200   200
account_reset_password_from_key_done GET         200   200   200      200       200       200     200   200           200   200
account_change_password              GET          in    in    in      200       200       200     200   200           200   200
account_change_password              POST         in    in    in      200       200       200     200   200           200   200
account_reauthenticate               GET          in    in    in      200       200       200     200   200           200   200
account_reauthenticate               POST         in    in    in      200       200       200     200   200           200   200
openid_connect_login                 GET         404   404   404      404       404       404     404   404           404   404
openid_connect_login                 POST        404   404   404      404       404       404     404   404           404   404
openid_connect_callback              GET         404   404   404      404       404       404     404   404           404   404
openid_connect_callback              POST        404   404   404      404       404       404     404   404           404   404
socialaccount_login_cancelled        GET         200   200   200      200       200       200     200   200           200   200
socialaccount_login_error            GET         401   401   401      401       401       401     401   401           401   401
mfa_authenticate                     GET          in    in    in       to        to        to      to    to            to    to
mfa_authenticate                     POST         in    in    in       to        to        to      to    to            to    to
mfa_login_webauthn                   GET          in    in    in       to        to        to      to    to            to    to
mfa_login_webauthn                   POST         in    in    in       to        to        to      to    to            to    to
mfa_reauthenticate                   GET          in    in    in       to        to        to      to    to            to   200
mfa_reauthenticate                   POST         in    in    in       to        to        to      to    to            to   200
mfa_reauthenticate_webauthn          GET          in    in    in       to        to        to      to    to            to    to
mfa_reauthenticate_webauthn          POST         in    in    in       to        to        to      to    to            to    to
mfa_index                            GET          in    in    in       to        to        to      to    to            to    to
mfa_index                            POST         in    in    in       to        to        to      to    to            to    to
mfa_list_webauthn                    GET          in    in    in       to        to        to      to    to            to    to
mfa_list_webauthn                    POST         in    in    in       to        to        to      to    to            to    to
mfa_add_webauthn                     GET          in    in    in       to        to        to      to    to            to   200
mfa_add_webauthn                     POST         in    in    in       to        to        to      to    to            to   200
mfa_edit_webauthn                    GET          in    in    in       to        to        to      to    to            to   404
mfa_edit_webauthn                    POST         in    in    in       to        to        to      to    to            to   404
mfa_remove_webauthn                  GET          in    in    in       to        to        to      to    to            to   404
mfa_remove_webauthn                  POST         in    in    in       to        to        to      to    to            to   404
mfa_activate_totp                    GET          in    in    in       to        to        to      to    to            to    to
mfa_activate_totp                    POST         in    in    in       to        to        to      to    to            to    to
mfa_generate_recovery_codes          GET          in    in    in       to        to        to      to    to            to   200
mfa_generate_recovery_codes          POST         in    in    in       to        to        to      to    to            to    to
mfa_deactivate_totp                  GET          in    in    in      404       404       404     404   404           404   200
mfa_deactivate_totp                  POST         in    in    in      404       404       404     404   404           404    to
mfa_view_recovery_codes              GET          in    in    in      404       404       404     404   404           404   200
mfa_download_recovery_codes          GET          in    in    in      404       404       404     404   404           404   200
mfa_download_recovery_codes          POST         in    in    in      404       404       404     404   404           404   405
"""

# What a POST carries where an empty form would not reach the decision.
BODIES: dict[str, object] = {
    "calls:call-create": {"offer": {"type": "offer", "sdp": "v=0"}},
    "calls:visit-name": {"name": "Paul Patient"},
    "calls:visit-waiting": {"camera": True, "microphone": True},
    "calls:visit-departure": {},
    "calls:check-result": {"camera": True, "path": "direct"},
    "calls:call-acceptance": {},
    "calls:call-refusal": {},
    "calls:call-end": {},
    "calls:call-people": {
        "first_name": "Rita",
        "last_name": "Relative",
        "role": "relative",
        "language": "de",
    },
    "calls:call-admission": {},
    "calls:person-refusal": {},
    "calls:call-removal": {},
    "calls:call-mode": {"mode": "direct"},
    "calls:call-rating": {"score": 3},
    "calls:guest-call-end": {},
    "calls:guest-call-rating": {"score": 3},
    "calls:guest-call-mode": {"mode": "direct"},
}

# Websockets: an open one answers `hello`, the others close with a code of docs/protocol.md.
SOCKETS = """
#               anonymous guest other stranger colleague assistant pending owner administrator staff
/ws/                 4401  4401  4401    hello     hello     hello    4401 hello         hello  4401
/ws/g/<guest>/       4404 hello  4404     4404      4404      4404    4404  4404          4404  4404
/ws/unknown/         4404  4404  4404     4404      4404      4404    4404  4404          4404  4404
"""

# A frame about the appointment's call, sent from the role's own socket: `-` has none, `ok` is
# carried out, `no` is answered with an error that does not tell whether the call exists.
FRAMES = """
#            anonymous guest other stranger colleague assistant pending owner administrator staff
ping                 -    ok    ok       ok        ok        ok       -    ok            ok     -
call.join            -    ok    no       no        no        no       -    ok            no     -
signal.relay         -    ok    no       no        no        no       -    ok            no     -
visit.relay          -    ok    no       no        no        no       -    ok            no     -
"""


def table(text: str) -> dict[str, list[str]]:
    """First words of each line -> the cells, in the order of ROLES."""
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    count = len(ROLES)
    return {" ".join(words[:-count]): words[-count:] for words in lines}
