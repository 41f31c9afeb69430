"""The link in the invitation: DEC-13, INV-3 to INV-5, A17."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import links, tickets
from healthcompanion.guests.models import Guest, Visit
from tests.factories import GuestFactory, VisitFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(guest: Guest) -> str:
    """The path of Paul's link."""
    return urlsplit(links.link_url(guest)).path


def trace() -> tuple[Any, ...]:
    """Everything that opening a link could have changed."""
    return (
        list(Visit.objects.values()),
        list(Guest.objects.values()),
        AuditEntry.objects.count(),
    )


def test_link_is_code_and_proof_under_the_public_address(guest: Guest, settings: Settings) -> None:
    settings.HC_BASE_URL = "https://video.example.org"

    url = links.link_url(guest)

    code, proof = url.removeprefix("https://video.example.org/g/").split("-")
    assert code == guest.code
    assert len(proof) == 20
    assert links.matches(guest, proof)


def test_proof_is_nowhere_in_the_database(guest: Guest, path: str) -> None:
    proof = path.split("-")[1]

    rows = [row for model in (Guest, Visit, AuditEntry) for row in model.objects.values()]

    assert proof not in repr(rows)


def test_proof_depends_on_guest_version_and_key(guest: Guest, settings: Settings) -> None:
    urls = {links.link_url(guest), links.link_url(GuestFactory(host=guest.host))}
    guest.link_version = 2
    urls.add(links.link_url(guest))
    settings.HC_LINK_KEYS = ["another key"]
    urls.add(links.link_url(guest))

    assert len({url.split("-")[1] for url in urls}) == 4


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_changes_nothing(path: str, method: str) -> None:
    before = trace()
    client = Client()

    for _ in range(3):
        answer = getattr(client, method)(path)

    assert answer.status_code == (405 if method == "options" else 200)
    assert trace() == before
    assert [name for name in client.cookies if name.startswith("hc_guest")] == []


def test_greeting_is_private(path: str) -> None:
    answer = Client().get(path)

    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "Praxis am Markt" in answer.content.decode()
    assert "Anna Berger" in answer.content.decode()


def test_button_opens_a_visit_and_leads_to_an_address_without_the_token(
    guest: Guest, path: str
) -> None:
    client = Client()

    answer = client.post(path)

    cookie = client.cookies[f"hc_guest_{guest.code}"]
    assert (answer.status_code, answer["Location"]) == (302, f"/g/{guest.code}/")
    assert Visit.objects.get().state == Visit.State.ANNOUNCED
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 86400)
    assert path.split("-")[1] not in cookie.value
    assert client.get(f"/g/{guest.code}/state/").status_code == 200


def test_button_is_protected_against_other_sites(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path)

    assert answer.status_code == 403
    assert not Visit.objects.exists()


def test_link_works_repeatedly_and_keeps_the_open_visit(path: str) -> None:
    for _ in range(3):
        assert Client().post(path).status_code == 302

    assert Visit.objects.count() == 1


def test_link_opens_a_new_visit_after_the_last_one_ended(guest: Guest, path: str) -> None:
    VisitFactory(guest=guest, state=Visit.State.ENDED)

    Client().post(path)

    assert list(Visit.objects.order_by("id").values_list("state", flat=True)) == [
        "ended",
        "announced",
    ]


@pytest.mark.parametrize("changed", [str.upper, str.title, lambda path: path + "/"])
def test_link_survives_what_mail_programs_and_people_do(path: str, changed: Any) -> None:
    client = Client()
    written = "/g/" + changed(path.removeprefix("/g/"))

    assert client.get(written).status_code == 200
    assert client.post(written).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        "{code}-aaaaaaaaaaaaaaaaaaaa",
        "{code}-",
        "{code}-{short}",
        "{code}-{proof}a",
        "{code}-{proof}-x",
        "aaaaaaaaaaaa-{proof}",
        "a-b",
    ],
)
def test_guess_is_unknown_and_looks_the_same_for_all(guest: Guest, path: str, wrong: str) -> None:
    proof = path.split("-")[1]
    address = "/g/" + wrong.format(code=guest.code, proof=proof, short=proof[:-1])
    nobody = Client().get("/g/bbbbbbbbbbbb-bbbbbbbbbbbbbbbbbbbb")

    answers = [Client().get(address), Client().post(address)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Paul" not in answers[0].content.decode()
    assert len(answers[0].content) == pytest.approx(len(nobody.content), abs=200)
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"link_version": 2},
        {"link_expires_at": timezone.now() - timedelta(seconds=1)},
        {"link_closed_at": timezone.now()},
    ],
    ids=["replaced", "expired", "closed"],
)
def test_dead_link_says_so_and_no_name(guest: Guest, path: str, change: dict[str, Any]) -> None:
    Guest.objects.filter(pk=guest.pk).update(**change)

    answers = [Client().get(path), Client().head(path), Client().post(path)]

    assert [answer.status_code for answer in answers] == [410] * 3
    assert "Paul" not in answers[0].content.decode()
    assert not Visit.objects.exists()


def test_wrong_proof_of_a_closed_link_is_a_guess_like_any_other(guest: Guest) -> None:
    Guest.objects.filter(pk=guest.pk).update(link_closed_at=timezone.now())

    assert Client().get(f"/g/{guest.code}-aaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_link_works_until_its_last_moment(guest: Guest, path: str) -> None:
    Guest.objects.filter(pk=guest.pk).update(
        scheduled_at=timezone.now() - timedelta(days=92),
        link_expires_at=timezone.now() + timedelta(seconds=30),
    )

    assert Client().post(path).status_code == 302


def test_ticket_of_another_guest_opens_nothing(guest: Guest, other_guest: Guest) -> None:
    client = with_ticket(other_guest)
    client.cookies[f"hc_guest_{guest.code}"] = client.cookies[f"hc_guest_{other_guest.code}"].value

    answers = [client.get(f"/g/{guest.code}/"), client.get(f"/g/{guest.code}/state/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_two_guests_may_share_a_browser(guest: Guest, other_guest: Guest) -> None:
    client = Client()
    for person in (guest, other_guest):
        client.post(urlsplit(links.link_url(person)).path)

    states = [client.get(f"/g/{person.code}/state/").json() for person in (guest, other_guest)]

    assert [state["guest"] for state in states] == [guest.code, other_guest.code]


@pytest.mark.parametrize(
    "value",
    ["", "x", signing.dumps([1, 1], salt="other"), signing.dumps("text", salt=tickets.SALT)],
)
def test_forged_ticket_is_none(guest: Guest, value: str) -> None:
    assert tickets.ticket_version(value, guest) is None


def test_ticket_lasts_a_day(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    client = with_ticket(guest)
    fresh = client.get(f"/g/{guest.code}/state/").status_code
    monkeypatch.setattr(tickets, "COOKIE_SECONDS", -1)

    assert (fresh, client.get(f"/g/{guest.code}/state/").status_code) == (200, 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"link_version": 2}, 410),
        ({"link_closed_at": timezone.now()}, 410),
        ({"link_expires_at": timezone.now() - timedelta(seconds=1)}, 410),
    ],
)
def test_ticket_dies_with_its_link(guest: Guest, change: dict[str, Any], status: int) -> None:
    client = with_ticket(guest)
    Guest.objects.filter(pk=guest.pk).update(**change)

    answers = [client.get(f"/g/{guest.code}/{path}") for path in ("", "state/")]

    assert [answer.status_code for answer in answers] == [status] * 2


@pytest.mark.parametrize(
    ("invited", "cookie", "shown"),
    [("de", None, "de"), ("en", None, "en"), ("de", "en", "en"), ("en", "de", "de")],
)
def test_page_speaks_the_invited_language_until_the_guest_chooses(
    guest: Guest, path: str, invited: str, cookie: str | None, shown: str
) -> None:
    Guest.objects.filter(pk=guest.pk).update(language=invited)
    client = with_ticket(guest)
    if cookie:
        client.cookies["hc_language"] = cookie

    answers = [client.get(path), client.get(f"/g/{guest.code}/")]

    assert [f'lang="{shown}"' in answer.content.decode() for answer in answers] == [True, True]


def test_greeting_shows_the_time_of_the_practice(guest: Guest, path: str) -> None:
    moment = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)
    Guest.objects.filter(pk=guest.pk).update(scheduled_at=moment)
    guest.organisation.time_zone = "Europe/Berlin"
    guest.organisation.save()

    page = Client().get(path).content.decode()

    assert "00:30" in page
    assert "23:30" not in page


def test_professional_of_another_practice_is_greeted_like_anybody(
    stranger: User, path: str
) -> None:
    client = signed_in(stranger)

    assert client.get(path).status_code == 200
    assert client.get("/g/" + path.split("/g/")[1].split("-")[0] + "/").status_code == 404


@pytest.mark.parametrize(
    "mangle",
    [
        lambda link: link + ".",
        lambda link: link + ")",
        lambda link: link.replace("-", ""),
        lambda link: link.replace("-", "–"),
        lambda link: link.replace("-", "%20"),
        lambda link: link.upper().replace("/G/", "/g/"),
        lambda link: link + "/",
        lambda link: link + ",/",
    ],
)
def test_link_survives_what_mail_programs_do_to_it(path: str, mangle: Callable[[str], str]) -> None:
    assert Client().get(mangle(path)).status_code == 200


@pytest.mark.parametrize("token", ["x", "x-y", "ab" * 90, "%F0%9F%98%80", "-", "abcdefgh2345-"])
def test_guess_of_any_shape_gets_the_page_that_helps(guest: Guest, token: str) -> None:
    answer = Client().get(f"/g/{token}")

    assert answer.status_code == 404
    assert "guests/link_unknown.html" in [template.name for template in answer.templates]


def test_dead_link_speaks_the_language_of_the_invitation(guest: Guest, path: str) -> None:
    Guest.objects.filter(pk=guest.pk).update(link_closed_at=timezone.now(), language="en")

    dead = Client(headers={"accept-language": "de"}).get(path)

    assert dead.status_code == 410
    assert "This link is no longer valid" in dead.content.decode()


def test_ticket_over_tls_is_bound_to_this_host(guest: Guest, path: str, settings: Settings) -> None:
    settings.SECURE, settings.HC_COOKIE_PREFIX = True, "__Host-"
    client = Client()

    client.post(path, secure=True)

    cookie = client.cookies[f"__Host-hc_guest_{guest.code}"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert client.get(f"/g/{guest.code}/state/", secure=True).status_code == 200
