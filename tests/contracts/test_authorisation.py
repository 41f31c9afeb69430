"""Walks every address as every role; a line that authorisation.py lacks fails."""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from healthcompanion.accounts.addresses import ask_for_address, token_of
from healthcompanion.accounts.models import SignIn, User
from healthcompanion.accounts.pictures import set_picture
from healthcompanion.accounts.verification import submit_proof, verify
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import OutboxMail
from healthcompanion.organisations.actions import give_join_id
from healthcompanion.organisations.invitations import invite_member
from healthcompanion.support.actions import send_request
from healthcompanion.support.changes import ask_for_change
from tests.accounts.second_factors import with_app
from tests.calls.logged import ended
from tests.contracts.authorisation import ADDRESSES, BODIES, ROLES, table
from tests.factories import CallFactory, OrganisationFactory, UserFactory, VisitFactory
from tests.infrastructure.clients import proved, signed_in, with_ticket

SECRET = "Wolkenschieber"  # the patient's name: nobody else may ever read it
EXPECTED = table(ADDRESSES)


def addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{entry.namespace}:" if entry.namespace else ""
            found += addresses(entry, prefix + space)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append(prefix + entry.name)
    return found


LIBRARY = (
    "account_",
    "mfa_",
    "openid_",
    "socialaccount_",
)  # allauth's views: a PUT is a POST to them
NAMES = addresses(get_resolver())
CASES = [(name, verb) for name in NAMES for verb in ("GET", "POST")]


@dataclass
class Scene:
    """A call that rings at Paul's, after a held one; where addresses lead; everybody's browser."""

    guest: Guest
    urls: dict[str, dict[str, str]]
    clients: dict[str, Client] = field(default_factory=dict)

    def url(self, name: str) -> str:
        space = name.split(":")[0]
        return reverse(name, kwargs=self.urls.get(name, self.urls.get(space, {})))


@pytest.fixture
def scene(
    guest: Guest,
    other_guest: Guest,
    stranger: User,
    colleague: User,
    assistant: User,
    pending: User,
    professional: User,
    administrator: User,
    staff: User,
) -> Scene:
    Guest.objects.filter(pk=guest.pk).update(last_name=SECRET)
    give_join_id(administrator.membership.organisation)
    guest.refresh_from_db()
    VisitFactory(guest=guest, state=Visit.State.CALLED)
    call = CallFactory(guest=guest)
    ended(professional, guest)  # for the logs
    signed_in(professional)  # on another device
    file = {"name": "a.ics", "mimetype": "text/calendar", "content": "x"}
    mail = OutboxMail.objects.create(
        from_address="a@b.example", to="c@d.example", subject="x", attachments=[file]
    )
    appointment = {"code": guest.appointment.code}
    members = {"code": call.code}
    set_picture(professional, b"drawn")
    assert professional.picture is not None
    person = {"code": colleague.membership.code}
    invitation = invite_member(
        administrator.membership.organisation, by=administrator, email="new@practice.example"
    )
    address = ask_for_address(professional, "new@address.example", actor=professional)
    assert address is not None
    visitors = {"guest": guest.code, "code": call.code}
    urls = {
        "administration": person,
        "administration:dashboard": {},
        "administration:figures-file": {},
        "administration:member-list": {},
        "administration:organisation-detail": {},
        "administration:join-id-renewal": {},
        "administration:second-factor-rule": {},
        "administration:organisation-logo": {},
        "organisations:picture": {"code": professional.picture.code},
        "administration:invitation-list": {},
        "administration:invitation-withdrawal": {"code": invitation.code},
        "administration:log-list": {},
        "administration:log-export": {},
        "appointments": appointment,
        "appointments:appointment-list": {},
        "appointments:appointment-create": {},
        "appointments:person-list": {},
        "appointments:lost-link": {},
        "appointments:guest-cancellation": {"guest": guest.code},
        "appointments:lost-link-sent": {},
        "notifications": {"code": mail.code},
        "notifications:outbox-list": {},
        "notifications:outbox-attachment": {"code": mail.code, "number": "1"},
        "core:styleguide-error": {"name": "429"},
        "guests:link": {"token": link_url(guest).rsplit("/", 1)[1]},
        "guests:check": {"token": link_url(guest).rsplit("/", 1)[1]},
        "calls": visitors,
        "calls:log-list": {},
        "calls:log-export": {},
        "calls:call-create": appointment,
        "calls:call-detail": members,
        "calls:call-end": members,
        "calls:call-people": members,
        "calls:call-admission": visitors,
        "calls:person-refusal": visitors,
        "calls:call-removal": {
            "code": call.code,
            "participant": call.participants.get(guest=guest).code,
        },
        "calls:call-mode": members,
        "calls:call-summary": members,
        "calls:call-rating": members,
        "organisations:join": {"token": "unknown"},
        "accounts:sign-in-end": {"code": SignIn.objects.get(user=professional).code},
        "openid_connect_login": {"provider_id": "sso"},
        "openid_connect_callback": {"provider_id": "sso"},
        "accounts:switch": {"name": "is_muted"},
        "accounts:address": {"token": token_of(address)},
        "accounts:tie-removal": {"pk": "1"},
        "mfa_edit_webauthn": {"pk": "1"},
        "mfa_remove_webauthn": {"pk": "1"},
        "account_confirm_email": {"key": "unknown"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "unknown"},
    }
    own = ("calls:visit", "calls:check")
    request = send_request(professional, subject="Frage", description="Wie geht das?")
    wish = ask_for_change(professional, first_name="Anna", last_name="Neu", email="n@b.example")
    shown = submit_proof(professional, b"%PDF-1.7 %%EOF", "application/pdf")
    codes = {"request": request.code, "change": wish.code, "person": colleague.code}
    codes["proof"] = shown.code
    codes["organisation"] = professional.membership.organisation.code
    urls |= {f"backoffice:{page}": {} for page in ("home", *(f"{name}-list" for name in codes))}
    for name in NAMES:
        kind = name.removeprefix("backoffice:").split("-")[0]
        if name.startswith("backoffice:") and name not in urls:
            urls[name] = {"code": codes[kind]}
    away = with_app(UserFactory(is_active=False))
    urls["backoffice:person-unblock"] = {"code": away.code}
    urls["backoffice:person-second-factor-reset"] = {"code": away.code}
    verify(away, actor=None)
    urls["backoffice:proof-revocation"] = {"code": away.verification.code}
    suspended = OrganisationFactory(suspended_at=timezone.now())
    urls["backoffice:organisation-resumption"] = {"code": suspended.code}
    urls |= {name: {"guest": guest.code} for name in NAMES if name.startswith(own)}
    people = {
        "stranger": stranger,
        "colleague": colleague,
        "assistant": assistant,
        "pending": pending,
        "administrator": administrator,
    }
    clients = {
        "anonymous": Client(),
        "guest": with_ticket(guest),
        "other": with_ticket(other_guest),
        **{role: signed_in(user) for role, user in people.items()},
        "owner": signed_in(professional),
        "staff": proved(staff),
    }
    return Scene(guest, urls, clients)


def answer(client: Client, verb: str, name: str, url: str) -> Any:
    if verb != "POST":
        return client.generic(verb, url)
    if name in BODIES:
        return client.post(url, BODIES[name], content_type="application/json")
    return client.post(url)


def outcome(scene: Scene, role: str, name: str, verb: str) -> str:
    """What the role gets, in the words of the table; everything is as before afterwards."""
    client = scene.clients[role]
    cookies = copy(client.cookies)
    with transaction.atomic():
        response = answer(client, verb, name, scene.url(name))
        transaction.set_rollback(True)
    client.cookies = cookies
    if role not in {"guest", "owner"} and name not in {"guests:link", "guests:check"}:
        assert SECRET not in response.getvalue().decode(), f"{name} tells {role} the patient's name"
    if response.status_code in (301, 302, 303):
        return "in" if response["Location"].startswith("/accounts/login/") else "to"
    return str(response.status_code)


def test_every_line_belongs_to_an_address() -> None:
    assert {line.split()[0] for line in EXPECTED} - set(NAMES) == set()


def test_every_address_has_a_line() -> None:
    assert set(NAMES) - {line.split()[0] for line in EXPECTED} == set()


@pytest.mark.parametrize(("name", "verb"), CASES)
def test_address_lets_in_whom_the_table_names(scene: Scene, name: str, verb: str) -> None:
    answers = {role: outcome(scene, role, name, verb) for role in ROLES}

    line = EXPECTED.get(f"{name} {verb}")
    if line is None:
        refused = {"404", "405", "in", "to"}
        assert {role: answer for role, answer in answers.items() if answer not in refused} == {}
        assert "405" in answers.values(), "a verb that works needs a line"
    else:
        assert answers == dict(zip(ROLES, line, strict=True))


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(LIBRARY)])
def test_other_verbs_are_refused(scene: Scene, name: str, verb: str) -> None:
    answers = {role: outcome(scene, role, name, verb) for role in ROLES}

    assert set(answers.values()) <= {"404", "405", "in", "to"}
    assert answers["owner"] in {"404", "405"}


@pytest.mark.parametrize("name", sorted({line.split()[0] for line in EXPECTED if "POST" in line}))
def test_posting_needs_the_csrf_token(scene: Scene, name: str) -> None:
    for role, client in scene.clients.items():
        client.handler.enforce_csrf_checks = True

        assert outcome(scene, role, name, "POST") == "403", role
