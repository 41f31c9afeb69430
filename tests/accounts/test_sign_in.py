"""Sign-in, sign-out, forgotten and changed passwords, language."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from healthcompanion.accounts.hashers import TooBusy
from healthcompanion.accounts.models import User
from healthcompanion.notifications.models import Message
from tests.accounts.mails import delivered, link_in
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
NEW = "Lavendel-77-Treppe"


def sign_in(email: str, password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return client, answer


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("spelling", [str.lower, str.upper, lambda email: f" {email} "])
def test_address_is_taken_in_any_case(professional: User, spelling: Any) -> None:
    client, answer = sign_in(spelling(professional.email))

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(professional.pk)


def test_wrong_password_and_unknown_address_look_the_same(professional: User) -> None:
    answers = [
        sign_in(professional.email, "wrong")[1],
        sign_in("nobody@example.org", "wrong")[1],
    ]

    texts = [
        [str(text) for text in answer.context["form"].non_field_errors()] for answer in answers
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 1


def test_deactivated_person_does_not_come_in(professional: User) -> None:
    professional.is_active = False
    professional.save()

    assert who(sign_in(professional.email)[0]) is None


def test_guessing_is_slowed_down(professional: User) -> None:
    for _ in range(6):
        _client, answer = sign_in(professional.email, "wrong")

    client, _answer = sign_in(professional.email)
    assert answer.status_code in {200, 429}
    assert who(client) is None


def test_password_that_could_not_be_checked_in_time_is_asked_for_again(
    professional: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(MD5PasswordHasher, "verify", refuse)
        answers = [sign_in(professional.email)[1] for _ in range(6)]
    client, _answer = sign_in(professional.email)

    assert {(it.status_code, it.headers["Retry-After"]) for it in answers} == {(429, "5")}
    assert "Sehr viele Menschen melden sich gerade an" in answers[0].content.decode()
    assert who(client) == str(professional.pk)  # six times unchecked is not six times wrong


def refuse(*_: object) -> bool:
    raise TooBusy


def test_foreign_target_after_sign_in_is_ignored(professional: User) -> None:
    answer = Client().post(
        "/accounts/login/",
        {"login": professional.email, "password": PASSWORD, "next": "https://example.org/"},
    )

    assert answer["Location"] == "/"


def test_sign_out_is_a_post(professional: User) -> None:
    client = signed_in(professional)

    client.get("/accounts/logout/")
    before = who(client)
    client.post("/accounts/logout/")

    assert (before, who(client)) == (str(professional.pk), None)
    assert client.get("/patients/").status_code == 302


def test_forgotten_password_is_chosen_anew_by_the_link_in_a_mail(professional: User) -> None:
    other = signed_in(professional)
    client = Client()
    asked = client.post("/accounts/password/reset/", {"email": professional.email.upper()})
    (letter,) = delivered()
    form = client.get(link_in(letter), follow=True)
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert asked["Location"] == "/accounts/password/reset/done/"
    assert letter.to == [professional.email]
    assert answer["Location"] == "/accounts/password/reset/key/done/"
    assert who(sign_in(professional.email, NEW)[0]) == str(professional.pk)
    assert who(sign_in(professional.email, PASSWORD)[0]) is None
    assert other.get("/patients/").status_code == 302
    assert [message.kind for message in Message.objects.order_by("id")] == [
        "account.password_reset",
        "account.password_changed",
    ]
    assert len(delivered()) == 2


def test_link_for_a_new_password_works_once(professional: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": professional.email})
    path = link_in(delivered()[0])
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    again = Client().get(path, follow=True)

    assert again.context["token_fail"] is True


def test_weak_new_password_is_refused(professional: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": professional.email})
    form = client.get(link_in(delivered()[0]), follow=True)

    for weak in ("kurz", "Anna.Berger1"):
        answer = client.post(form.redirect_chain[-1][0], {"password1": weak, "password2": weak})
        assert answer.status_code == 200
    assert who(sign_in(professional.email)[0]) == str(professional.pk)


def test_unknown_address_gets_the_same_answer_and_no_mail(professional: User) -> None:
    known = Client().post("/accounts/password/reset/", {"email": professional.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert [letter.to for letter in delivered()] == [[professional.email]]


def test_new_password_asks_for_the_old_one_and_ends_other_sessions(professional: User) -> None:
    mine, other = signed_in(professional), signed_in(professional)
    path = "/accounts/password/change/"

    wrong = mine.post(path, {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    right = mine.post(path, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert mine.get("/patients/").status_code == 200
    assert other.get("/patients/").status_code == 302
    assert [letter.to for letter in delivered()] == [[professional.email]]


@pytest.mark.parametrize("language", ["de", "en"])
def test_mails_about_the_account_speak_the_persons_language(
    professional: User, language: str
) -> None:
    professional.language = language
    professional.save()
    Client().post("/accounts/password/reset/", {"email": professional.email})

    (letter,) = delivered()

    html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]  # always both parts
    assert (letter.subject == "Choose a new password") == (language == "en")
    assert f'<html lang="{language}"' in html
    assert link_in(letter) in html


def test_language_is_remembered_in_browser_and_account(professional: User) -> None:
    client = signed_in(professional)

    answer = client.post("/language/", {"language": "en", "next": "/patients/"})

    professional.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/patients/")
    assert client.cookies["hc_language"].value == "en"
    assert professional.language == "en"
    assert 'lang="en"' in client.get("/patients/").content.decode()


def test_visitors_choose_their_language_too(client: Client) -> None:
    german = client.get("/", headers={"accept-language": "de"}).content.decode()
    client.post("/language/", {"language": "en"})
    english = client.get("/", headers={"accept-language": "de"}).content.decode()

    assert ('lang="de"' in german, 'lang="en"' in english) == (True, True)


@pytest.mark.parametrize("language", ["fr", "", "de-AT", "../x"])
def test_language_that_we_do_not_speak_changes_nothing(professional: User, language: str) -> None:
    client = signed_in(professional)

    client.post("/language/", {"language": language})

    professional.refresh_from_db()
    assert (professional.language, "hc_language" in client.cookies) == ("de", False)


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org", "javascript:alert(1)", r"/\example.org"]
)
def test_language_form_leads_to_our_own_pages_only(client: Client, target: str) -> None:
    assert client.post("/language/", {"language": "en", "next": target})["Location"] == "/"


def test_language_is_not_changed_by_a_link(client: Client) -> None:
    assert client.get("/language/", {"language": "en"}).status_code == 405
    assert (
        Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}).status_code == 403
    )
