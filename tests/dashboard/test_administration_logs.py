"""Administrator, "Logs": all calls of the members, for nobody else."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.calls.call_log import PAGE
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.removal import remove_member
from tests.calls.logged import Outcome, ended
from tests.factories import GuestFactory
from tests.infrastructure.clients import signed_in

LIST, EXPORT = "/administration/logs/", "/administration/logs/export/"


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def members_on(client: Client, **asked: str) -> list[str]:
    """The members' names on the page, from top to bottom."""
    table = client.get(LIST, asked).context["table"]
    return [entry.member.last_name for entry in table.page.entries]


def test_the_page_shows_who_called_whom_but_no_name_of_a_patient(
    chief: Client, professional: User, colleague: User, stranger: User, guest: Guest
) -> None:
    now = timezone.now()
    ended(professional, guest, at=now - timedelta(minutes=4))
    ended(stranger, colleague, at=now - timedelta(minutes=3), outcome=Outcome.CANCELLED)
    ended(stranger, GuestFactory(host=stranger, last_name="Geheim"))

    text = chief.get(LIST).content.decode()
    for word in ("Mitglied", "Dr. Anna Berger", "P. P.", "Carl Kolb", "Stefan Fremd", "verpasst"):
        assert f"{word}<" in text
    for name in ("Paul", "Geheim"):
        assert name not in text
    assert members_on(chief) == ["Kolb", "Berger"]


def test_a_member_is_found_by_parts_of_the_name(
    chief: Client, professional: User, colleague: User, guest: Guest
) -> None:
    ended(professional, guest)
    ended(colleague, GuestFactory(host=colleague))

    assert members_on(chief, member="BERG") == ["Berger"]
    assert members_on(chief, member="dr. anna berger", direction="outgoing") == ["Berger"]
    assert members_on(chief, member="Paul") == []


def test_deactivated_and_removed_members_keep_their_name(
    chief: Client, administrator: User, professional: User, pending: User, guest: Guest
) -> None:
    ended(professional, guest)
    ended(pending, GuestFactory(host=pending), at=timezone.now() - timedelta(days=2))
    remove_member(professional.membership, actor=administrator)

    assert members_on(chief) == ["Berger", "Wartet"]
    assert members_on(chief, member="berger") == ["Berger"]
    assert members_on(chief, member="wartet") == ["Wartet"]


def test_calls_from_before_somebody_came_are_not_shown(
    chief: Client, stranger: User, administrator: User
) -> None:
    ended(stranger, GuestFactory(host=stranger))
    organisation = administrator.membership.organisation
    Membership.objects.filter(user=stranger).update(organisation=organisation)
    assert members_on(chief) == []

    moved = User.objects.get(pk=stranger.pk)
    ended(moved, GuestFactory(host=moved))
    assert members_on(chief) == ["Fremd"]


def test_too_many_members_are_a_word_beside_the_field(
    chief: Client, professional: User, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthcompanion.calls.call_log.MOST_PEOPLE", 1)
    ended(professional, guest)

    answer = chief.get(LIST, {"member": "a"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Das passt auf zu viele Mitglieder." in text
    assert 'value="a"' in text
    assert "P. P." not in text


def test_the_file_says_what_the_page_says(
    chief: Client, administrator: User, professional: User, colleague: User, guest: Guest
) -> None:
    ended(professional, guest)
    ended(colleague, GuestFactory(host=colleague))

    text = chief.post(EXPORT, {"member": "berger"}).getvalue().decode()
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert [row[:3] for row in rows] == [
        ["Mitglied", "Richtung", "Kontakt"],
        ["Dr. Anna Berger", "Ausgehend", "P. P."],
    ]
    entry = AuditEntry.objects.get(action="log.exported")
    assert entry.actor == f"user:{administrator.pk}"
    assert (entry.data["scope"], entry.data["people"]) == ("organisation", [professional.pk])


def test_nobody_else_comes_in(
    professional: User, colleague: User, assistant: User, pending: User, stranger: User
) -> None:
    Membership.objects.filter(user=pending).update(is_administrator=True)
    for person in (professional, colleague, assistant, pending, stranger):
        client = signed_in(person)
        assert client.get(LIST).status_code == 404
        assert client.post(EXPORT).status_code == 404
    assert not AuditEntry.objects.filter(action="log.exported").exists()


def test_an_administrator_of_another_practice_reads_the_own_calls(
    stranger: User, professional: User, guest: Guest
) -> None:
    ended(professional, guest)
    ended(stranger, GuestFactory(host=stranger))
    Membership.objects.filter(user=stranger).update(is_administrator=True)

    client = signed_in(stranger)
    assert members_on(client) == ["Fremd"]
    assert members_on(client, member="berger") == []


@pytest.mark.parametrize("asked", [{}, {"member": "berger"}])
def test_the_page_asks_as_much_for_many_as_for_one(
    chief: Client,
    professional: User,
    guest: Guest,
    asked: dict[str, str],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (1, PAGE + 1):
        for _ in range(number):
            ended(professional, guest)
        chief.get(LIST)
        with django_assert_num_queries(6 + len(asked)):
            chief.get(LIST, asked)
