"""The administrator's dashboard: figures, chart, table and file."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.counting import add
from tests.factories import MembershipFactory
from tests.infrastructure.clients import signed_in

PAGE, FILE = "/administration/", "/administration/figures.csv"


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def count(user: User, days_ago: int = 0, **figures: int) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    add(user.membership.organisation_id, user.pk, day, figures)


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_figures_are_those_of_the_house_and_the_period(
    chief: Client, professional: User, colleague: User, stranger: User
) -> None:
    count(professional, 0, calls=3, seconds=600, missed=1, invitations=4)
    count(colleague, 6, calls=1, seconds=95, declined=2)
    count(colleague, 7, calls=50, seconds=9000)
    count(stranger, 0, calls=1000, seconds=99999)

    week: Any = chief.get(PAGE, {"period": "7"})
    month: Any = chief.get(PAGE)

    figures = week.context["figures"]
    assert (figures.calls, figures.minutes, figures.unanswered) == (4, 12, 3)
    assert (figures.all_invitations, figures.meeting_invitations, figures.meetings) == (4, 0, 0)
    assert [row.name for row in week.context["members"]] == ["Anna Berger", "Carl Kolb"]
    assert month.context["figures"].calls == 54
    assert sum(column.calls for column in month.context["columns"]) == 54
    assert week.context["registered"] == 3


def test_a_period_of_ones_own(chief: Client, professional: User) -> None:
    day = timezone.localdate() - timedelta(days=400)
    count(professional, 400, calls=2)

    answer: Any = chief.get(
        PAGE, {"period": "own", "begin": day.isoformat(), "end": f"{day:%d.%m.%Y}"}
    )

    assert (answer.status_code, answer.context["figures"].calls) == (200, 2)


@pytest.mark.parametrize(
    ("begin", "end", "sentence"),
    [
        ("2027-02-01", "2027-01-31", "Dieser Tag liegt vor dem ersten."),
        ("2020-01-01", "2027-01-31", "Zahlen werden drei Jahre lang aufbewahrt."),
        ("31.02.2027", "2027-03-01", "Bitte geben Sie den Tag so ein"),
        ("", "2027-03-01", "Bitte wählen Sie einen Tag."),
        ("9999-01-01", "9999-12-31", "Bitte prüfen Sie das Jahr."),
        ("0001-01-01", "2027-03-01", "Bitte prüfen Sie das Jahr."),
    ],
)
def test_a_wrong_period_is_said_beside_its_field(
    chief: Client, begin: str, end: str, sentence: str
) -> None:
    answer = chief.get(PAGE, {"period": "own", "begin": begin, "end": end})

    text = answer.content.decode()
    assert (answer.status_code, sentence in text, end in text) == (422, True, True)
    file = chief.post(f"{FILE}?period=own&begin={begin}&end={end}")
    assert file["Location"] == PAGE


def test_an_empty_period_says_so(chief: Client) -> None:
    assert "ist nichts geschehen" in chief.get(PAGE).content.decode()
    odd = chief.get(PAGE, {"period": "1 OR 1"})
    assert odd.status_code == 200


def test_the_file_has_everybody_and_no_formula(
    chief: Client, professional: User, colleague: User
) -> None:
    User.objects.filter(pk=colleague.pk).update(first_name="=HYPERLINK(1)", last_name="@x")
    count(professional, calls=3, seconds=600, missed=1, invitations=4)
    count(colleague, calls=1, seconds=90)

    rows = rows_of(chief.post(f"{FILE}?period=7"))

    assert [row[:5] for row in rows[1:]] == [
        ["Anna Berger", "3", "10", "1", "4"],
        ["'=HYPERLINK(1) @x", "1", "2", "0", "0"],
        ["Alle zusammen", "4", "12", "1", "4"],
    ]
    assert AuditEntry.objects.filter(action="figures.exported").count() == 1


def test_former_members_still_count(chief: Client, colleague: User) -> None:
    count(colleague, calls=1)
    User.objects.filter(pk=colleague.pk).update(title="", first_name="", last_name="")

    assert "Ehemaliges Mitglied" in chief.get(PAGE).content.decode()
    assert rows_of(chief.post(f"{FILE}?period=7"))[1][:2] == ["Ehemaliges Mitglied", "1"]


@pytest.mark.parametrize("number", [1, 40])
def test_the_page_asks_as_much_for_many_as_for_one(
    chief: Client, organisation: Organisation, number: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number):
        count(MembershipFactory(organisation=organisation).user, calls=1)
    chief.get(PAGE)

    with django_assert_max_num_queries(8):
        chief.get(PAGE)


def test_columns_are_never_more_than_a_month_has_days(chief: Client, professional: User) -> None:
    begin = date.today() - timedelta(days=1000)

    answer: Any = chief.get(
        PAGE, {"period": "own", "begin": begin.isoformat(), "end": timezone.localdate().isoformat()}
    )

    columns = answer.context["columns"]
    assert len(columns) <= 31
    assert (columns[0].first, columns[-1].last) == (begin, timezone.localdate())
