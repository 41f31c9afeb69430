"""The authenticator app and recovery codes: set-up, sign-in, replay, refusals (DEC-1, B7)."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from tests.accounts.mails import delivered
from tests.accounts.second_factors import (
    SECRET,
    code,
    password_given,
    recovery_codes,
    with_app,
)
from tests.factories import UserFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
APP = "/settings/security/app/"
STEP = "/accounts/second-factor/"


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def shown_secret(page: Any) -> str:
    return str(page.context["form"].secret)


def test_app_is_set_up_with_its_first_code(
    professional: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client, _answer = password_given(professional)
    secret = shown_secret(client.get(APP))

    wrong = client.post(APP, {"code": "000000"})
    with django_capture_on_commit_callbacks(execute=True):
        right = client.post(APP, {"code": code(secret)})

    assert wrong.status_code == 200
    assert wrong.context["form"].errors["code"]
    assert right["Location"] == "/settings/security/codes/"
    codes = client.get("/settings/security/codes/").context["unused_codes"]
    assert len(codes) == 10
    assert [letter.subject for letter in delivered()] == [
        "Eine Authenticator-App wurde eingerichtet"
    ]
    added = AuditEntry.objects.filter(action="second_factor.added").values_list("data", flat=True)
    assert sorted(data["kind"] for data in added) == ["recovery_codes", "totp"]


def test_qr_code_is_a_picture_and_the_key_stands_beside_it(professional: User) -> None:
    client, _answer = password_given(professional)

    page = client.get(APP)

    html = page.content.decode()
    secret = shown_secret(page)
    assert 'src="data:image/svg+xml;base64,' in html
    assert " ".join(re.findall("....", secret)) in html
    assert f"secret={secret}&issuer=HealthCompanion" in page.context["totp_url"]


def test_secrets_are_never_readable_in_the_database(professional: User) -> None:
    client, _answer = password_given(professional)
    secret = shown_secret(client.get(APP))
    while_setting_up = [session.get_decoded() for session in Session.objects.all()]
    client.post(APP, {"code": code(secret)})

    stored = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in repr(while_setting_up)
    assert "mfa.totp.secret" in repr(while_setting_up)
    assert secret not in stored
    assert stored.count("hc1.") == 2


def test_password_alone_does_not_let_in(professional: User) -> None:
    client, answer = password_given(with_app(professional))

    assert (answer["Location"], who(client)) == (STEP, None)
    assert client.get("/patients/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("periods", [-1, 0, 1])
def test_code_of_the_app_lets_in(professional: User, periods: int) -> None:
    client, _answer = password_given(with_app(professional))

    answer = client.post(STEP, {"code": code(periods=periods)})

    assert (answer["Location"], who(client)) == ("/", str(professional.pk))


@pytest.mark.parametrize("wrong", ["", "000000", -4, 4, "x" * 500, "١٢٣٤٥٦", "\0"])
def test_wrong_code_does_not(professional: User, wrong: str | int) -> None:
    """A number is a code of so many periods later: computed now, not when tests are collected."""
    client, _answer = password_given(with_app(professional))
    given = wrong if isinstance(wrong, str) else code(periods=wrong)

    answer = client.post(STEP, {"code": given})

    assert (answer.status_code, who(client)) == (200, None)
    assert answer.context["form"].errors["code"]


def test_code_works_once(professional: User) -> None:
    seen = code(periods=1)  # valid for three periods from now, at most
    first, _answer = password_given(with_app(professional))
    second, _answer = password_given(professional)

    first.post(STEP, {"code": seen})
    second.post(STEP, {"code": f" {seen[:3]} {seen[3:]}"})

    assert (who(first), who(second)) == (str(professional.pk), None)


def test_recovery_code_lets_in_once(professional: User) -> None:
    spare = recovery_codes(with_app(professional))[3]
    first, _answer = password_given(professional)
    second, _answer = password_given(professional)

    first.post(STEP, {"code": spare})
    second.post(STEP, {"code": spare})

    assert (who(first), who(second)) == (str(professional.pk), None)
    assert spare not in recovery_codes(professional)
    assert len(recovery_codes(professional)) == 9


def test_guessing_codes_is_slowed_down(professional: User) -> None:
    client, _answer = password_given(with_app(professional))
    for guess in range(6):
        client.post(STEP, {"code": f"00000{guess}"})

    client.post(STEP, {"code": code()})

    assert who(client) is None


def test_own_success_does_not_lift_the_limit_of_the_network_address(stranger: User) -> None:
    """Whoever has an account of their own cannot guess at others' codes in between."""
    spare = recovery_codes(with_app(stranger))
    for victim in (with_app(UserFactory()) for _victim in range(3)):
        guessing, _answer = password_given(victim)
        for guess in range(4):
            guessing.post(STEP, {"code": f"00000{guess}"})
        own, _answer = password_given(stranger)
        own.post(STEP, {"code": spare.pop()})

    last = with_app(UserFactory())
    client, _answer = password_given(last)
    client.post(STEP, {"code": code()})

    assert who(client) is None


def test_a_code_that_was_seen_counts_as_a_wrong_one(professional: User) -> None:
    seen = code()
    first, _answer = password_given(with_app(professional))
    first.post(STEP, {"code": seen})
    again, _answer = password_given(professional)
    for _try in range(6):
        again.post(STEP, {"code": seen})

    again.post(STEP, {"code": recovery_codes(professional)[0]})

    assert who(again) is None


def test_code_of_somebody_else_does_not_let_in(professional: User, stranger: User) -> None:
    with_app(stranger)
    spare = recovery_codes(stranger)[0]
    client, _answer = password_given(with_app(professional))

    client.post(STEP, {"code": spare})

    assert who(client) is None


def test_step_without_a_password_leads_to_sign_in(professional: User) -> None:
    with_app(professional)

    assert Client().get(STEP)["Location"] == "/accounts/login/"
    assert Client().post(STEP, {"code": code()})["Location"] == "/accounts/login/"


@pytest.mark.parametrize(
    "path",
    ["app/", "app/removal/", "passkeys/new/", "codes/", "codes/new/", "codes/file/"],
)
def test_change_asks_again_who_it_is(professional: User, path: str) -> None:
    stale = signed_in(with_app(professional))
    Authenticator.objects.filter(type="totp").delete() if path == "app/" else None

    answer = stale.get(f"/settings/security/{path}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_app_is_removed_and_its_recovery_codes_with_it(professional: User) -> None:
    client, _answer = password_given(with_app(professional))
    client.post(STEP, {"code": code()})

    answer = client.post(f"{APP}removal/")

    assert answer["Location"] == "/settings/security/overview/"
    assert Authenticator.objects.count() == 0
    assert [letter.subject for letter in delivered()] == ["Die Authenticator-App wurde entfernt"]


def test_new_recovery_codes_replace_the_old_ones(professional: User) -> None:
    old = recovery_codes(with_app(professional))
    client, _answer = password_given(professional)
    client.post(STEP, {"code": code()})

    answer = client.post("/settings/security/codes/new/")

    assert answer["Location"] == "/settings/security/codes/"
    assert set(recovery_codes(professional)) & set(old) == set()
    file = client.get("/settings/security/codes/file/")
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(spare in file.content.decode() for spare in recovery_codes(professional))


def test_overview_tells_what_is_set_up(professional: User) -> None:
    client = signed_in(with_app(professional))

    page = client.get("/settings/security/")

    assert page.status_code == 200
    assert (page.context["totp"].user, page.context["passkeys"]) == (professional, [])
    assert SECRET not in page.content.decode()


def test_overview_shows_nothing_of_a_stranger(professional: User, stranger: User) -> None:
    with_app(stranger)

    page = signed_in(professional).get("/settings/security/")

    assert (page.context["totp"], page.context["codes"]) == (None, None)
    assert [row.user for row in page.context["sign_ins"]] == [professional]


def test_operator_helps_somebody_who_lost_everything(professional: User, stranger: User) -> None:
    with_app(stranger)
    client = signed_in(with_app(professional))

    call_command("reset_second_factor", professional.email.upper(), stdout=StringIO())

    assert who(password_given(professional)[0]) == str(professional.pk)
    assert client.get("/patients/").status_code == 302
    assert {row.user for row in Authenticator.objects.all()} == {stranger}
    assert AuditEntry.objects.filter(action="second_factor.reset").count() == 1
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")


@pytest.mark.parametrize("path", ["", "removal/"])
def test_passkey_of_somebody_else_is_out_of_reach(
    professional: User, stranger: User, path: str
) -> None:
    theirs = Authenticator.objects.create(
        user=stranger, type=Authenticator.Type.WEBAUTHN, data={"name": "Fremder", "credential": {}}
    )
    client, _answer = password_given(professional)
    address = f"/settings/security/passkeys/{theirs.pk}/{path}"

    answers = [client.get(address), client.post(address, {"name": "Meiner"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Fremder"


NONSENSE = [
    "",
    "{}",
    "[]",
    '"x"',
    "{",
    '{"id": "AA", "response": 1}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA",'
    ' "attestationObject": "AA", "authenticatorData": "AA", "signature": "AA",'
    ' "userHandle": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_in_place_of_a_passkey_is_refused_in_words(
    professional: User, credential: str
) -> None:
    inside, _answer = password_given(professional)
    outside = Client()
    inside.get("/settings/security/passkeys/new/")
    outside.get("/accounts/passkey/", headers={"accept": "application/json"})

    added = inside.post("/settings/security/passkeys/new/", {"credential": credential})
    entered = outside.post("/accounts/passkey/", {"credential": credential}, follow=True)

    assert (added.status_code, entered.status_code) == (200, 200)
    assert "ließ sich nicht prüfen" in added.content.decode()
    assert who(outside) is None
    assert Authenticator.objects.count() == 0


def test_secret_whose_key_is_gone_is_told_in_words(professional: User, settings: Settings) -> None:
    client, _answer = password_given(with_app(professional))
    settings.HC_MASTER_KEYS = ["another key, made after the first one was lost"]

    answer = client.post("/accounts/second-factor/", {"code": code()})
    page = signed_in(professional).get("/settings/security/")

    assert [error.code for error in answer.context["form"].errors["code"].as_data()] == [
        "unreadable"
    ]
    assert page.status_code == 200


@pytest.mark.parametrize("page", ["", "new/", "file/"])
def test_recovery_codes_whose_key_is_gone_are_told_in_words(
    professional: User, settings: Settings, page: str
) -> None:
    client, _answer = password_given(with_app(professional))
    client.post("/accounts/second-factor/", {"code": code()})
    settings.HC_MASTER_KEYS = ["another key, made after the first one was lost"]

    answer = client.get(f"/settings/security/codes/{page}", follow=True)

    assert answer.status_code == 200
    assert "nicht mehr gelesen werden" in answer.content.decode()


def test_challenges_for_passkeys_are_limited(settings: Settings) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": "2/m/ip"}
    cache.clear()

    asked = [Client(headers={"accept": "application/json"}) for _ in range(3)]
    answers = [client.get("/accounts/passkey/").status_code for client in asked]
    cache.clear()

    assert answers == [200, 200, 429]
