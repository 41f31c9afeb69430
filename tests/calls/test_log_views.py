"""Settings, "Logs": the page, its filters and the file."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.calls.call_log import PAGE
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership
from tests.calls.logged import Outcome, ended
from tests.factories import GuestFactory
from tests.infrastructure.clients import signed_in

LIST, EXPORT = "/settings/logs/", "/settings/logs/export/"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def client(professional: User) -> Client:
    return signed_in(professional)


def text_of(client: Client, **asked: str) -> str:
    return client.get(LIST, asked).content.decode()


def file_of(client: Client, **asked: str) -> list[list[str]]:
    response = client.post(EXPORT, asked)
    assert response.status_code == 200
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def test_the_page_shows_the_columns_and_a_call(
    client: Client, professional: User, guest: Guest
) -> None:
    start = (timezone.now() - timedelta(days=2)).astimezone(BERLIN).replace(hour=9, minute=5)
    ended(professional, guest, at=start)

    text = text_of(client)
    columns = ("Richtung", "Kontakt", "Datum", "Uhrzeit", "Anrufdauer", "Anrufart")
    for word in (*columns, "Ausgehend", "Paul Patient", "Patient/in", "09:05", "12:34 Min."):
        assert f"{word}<" in text
    assert start.strftime("%d.%m.%Y") in text


def test_before_the_first_call_the_page_says_what_will_be_here(client: Client) -> None:
    text = text_of(client)

    assert "Noch keine Anrufe" in text
    assert "Als CSV exportieren" not in text


def test_a_filter_that_nothing_fits_has_a_way_back(
    client: Client, professional: User, guest: Guest
) -> None:
    ended(professional, guest)

    text = text_of(client, kind="contact")
    assert "Kein Anruf passt" in text
    assert f'href="{LIST}">Alle Anrufe zeigen' in text


@pytest.mark.parametrize(
    ("asked", "complaint", "typed"),
    [
        ({"begin": "gestern"}, "Bitte geben Sie den Tag so ein: 24.12.2026.", 'value="gestern"'),
        (
            {"begin": "2026-03-02", "end": "2026-03-01"},
            "Dieser Tag liegt vor dem ersten.",
            'value="2026-03-01"',
        ),
        ({"end": "9999-12-31"}, "Bitte prüfen Sie das Jahr.", 'value="9999-12-31"'),
        ({"kind": "secret"}, "Bitte wählen Sie aus der Liste.", 'name="kind"'),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    client: Client,
    professional: User,
    guest: Guest,
    asked: dict[str, str],
    complaint: str,
    typed: str,
) -> None:
    ended(professional, guest)
    answer = client.get(LIST, asked)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert (complaint in text, typed in text, "Paul Patient" in text) == (True, True, False)
    assert client.post(EXPORT, asked).status_code == 302
    assert not AuditEntry.objects.filter(action="log.exported").exists()


def in_berlin(day: int, hour: int, minute: int, *, fold: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=BERLIN, fold=fold)


def test_a_day_on_which_the_clocks_change_has_25_hours(
    client: Client, professional: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: in_berlin(27, 12, 0))
    moments = {
        "Davor": in_berlin(24, 23, 59),
        "Anfang": in_berlin(25, 0, 0),
        "Sommerzeit": in_berlin(25, 2, 30),
        "Winterzeit": in_berlin(25, 2, 30, fold=1),
        "Ende": in_berlin(25, 23, 59),
        "Danach": in_berlin(26, 0, 0),
    }
    for name, moment in moments.items():
        ended(professional, GuestFactory(host=professional, last_name=name), at=moment)

    names = [row[1] for row in file_of(client, begin="2026-10-25", end="2026-10-25")[1:]]
    expected = ["Paula Ende", "Paula Winterzeit", "Paula Sommerzeit", "Paula Anfang"]
    assert names == expected


def test_the_day_is_that_of_the_practice_and_not_of_the_server(
    client: Client, professional: User, guest: Guest
) -> None:
    organisation = professional.membership.organisation
    organisation.time_zone = "Pacific/Auckland"
    organisation.save()
    zone = ZoneInfo("Pacific/Auckland")
    start = (timezone.now() - timedelta(days=3)).astimezone(zone).replace(hour=0, minute=10)
    ended(professional, guest, at=start)

    day = start.date().isoformat()
    assert len(file_of(client, begin=day, end=day)) == 2
    before = (start - timedelta(days=1)).date().isoformat()
    assert len(file_of(client, begin=before, end=before)) == 1


def test_the_file_holds_what_was_asked_for(
    client: Client, professional: User, colleague: User, guest: Guest
) -> None:
    start = (timezone.now() - timedelta(days=1)).astimezone(BERLIN).replace(hour=14, minute=7)
    ended(professional, guest, at=start, seconds=3725)
    ended(professional, guest, at=start - timedelta(hours=1), outcome=Outcome.MISSED)
    ended(colleague, professional)

    rows = file_of(client, direction="outgoing")
    day = start.strftime("%d.%m.%Y")
    assert rows == [
        ["Richtung", "Kontakt", "Datum", "Uhrzeit", "Anrufdauer", "Anrufart", "Status"],
        ["Ausgehend", "Paul Patient", day, "14:07", "1:02:05", "Patient/in", "geführt"],
        ["Ausgehend", "Paul Patient", day, "13:07", "", "Patient/in", "nicht erreicht"],
    ]
    entry = AuditEntry.objects.get(action="log.exported")
    assert entry.actor == f"user:{professional.pk}"
    assert (entry.data["scope"], entry.data["direction"]) == ("own", "outgoing")
    assert "Patient" not in str(entry.data)


def test_the_file_is_sent_as_it_is_written_in_the_language_and_zone_of_whoever_asks(
    professional: User, guest: Guest
) -> None:
    organisation = professional.membership.organisation
    organisation.time_zone = "Pacific/Auckland"
    organisation.save()
    User.objects.filter(pk=professional.pk).update(language="en")
    ended(professional, guest, at=datetime(2026, 1, 31, 12, 30, tzinfo=UTC))
    client = signed_in(User.objects.get(pk=professional.pk))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: datetime(2026, 2, 2, 12, 0, tzinfo=UTC))
        response = client.post(EXPORT)
        translation.deactivate()
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # a streamed answer

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="logs-2026-02-03.csv"'
    assert lines == [
        "Direction;Contact;Date;Time;Call duration;Kind of call;State",
        "Outgoing;Paul Patient;1 Feb 2026;01:30;0:12:34;Patient;held",
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_a_name_is_no_formula(client: Client, professional: User, sign: str) -> None:
    name = f'{sign}HYPERLINK("x");'
    ended(professional, GuestFactory(host=professional, first_name=name, last_name="X"))

    [_title, row] = file_of(client)
    assert row[1] == f"'{name} X"
    assert len(row) == 7


def test_the_page_asks_as_much_for_many_as_for_one(
    client: Client,
    professional: User,
    guest: Guest,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (1, PAGE + 1):
        for _ in range(number):
            ended(professional, guest)
        client.get(LIST)
        with django_assert_num_queries(6):
            client.get(LIST)


def test_ways_to_older_and_newer_calls_keep_the_filter(
    client: Client, professional: User, guest: Guest
) -> None:
    for number in range(PAGE + 1):
        ended(professional, guest, at=timezone.now() - timedelta(minutes=number + 1))
    first = client.get(LIST, {"kind": "patient"}).context["table"]
    assert first.older_url.startswith(f"{LIST}?kind=patient&after=")

    second = client.get(first.older_url).context["table"]
    assert (len(second.page.entries), second.older_url) == (1, "")
    assert client.get(second.newer_url)["Location"] == f"{LIST}?kind=patient"


def test_without_a_licence_there_is_no_log(pending: User, guest: Guest) -> None:
    client = signed_in(pending)

    assert client.get(LIST)["Location"] == "/"
    assert client.post(EXPORT)["Location"] == "/"
    assert Membership.objects.get(user=pending).is_licensed is False
    assert "settings-logs" not in client.get("/settings/general/").content.decode()
