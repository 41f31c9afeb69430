"""The logs: who called whom, in which words, page by page."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone, translation

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions, people_actions
from healthcompanion.calls.call_log import (
    PAGE,
    Choice,
    Entry,
    Kind,
    Log,
    TooMany,
    organisation_log,
    own_log,
    people_in_log,
)
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership
from tests.calls.beside import accepted, inside
from tests.calls.logged import Outcome, ended
from tests.calls.news import News
from tests.factories import CallFactory, GuestFactory, MembershipFactory, UserFactory


def names(entries: list[Entry]) -> list[str]:
    return [entry.contact_name for entry in entries]


def own(user: User, **asked: str) -> list[Entry]:
    return own_log(user.membership, Choice(**asked)).page().entries  # type: ignore[arg-type]  # texts


def all_of(user: User, **asked: str) -> list[Entry]:
    log = organisation_log(user.membership.organisation, Choice(**asked))  # type: ignore[arg-type]  # texts
    return log.page().entries


@pytest.mark.parametrize(
    ("outcome", "of_caller", "of_callee"),
    [
        (Outcome.COMPLETED, "geführt", "geführt"),
        (Outcome.DECLINED, "abgelehnt", "abgelehnt"),
        (Outcome.MISSED, "nicht erreicht", "verpasst"),
        (Outcome.CANCELLED, "abgebrochen", "verpasst"),
    ],
)
def test_both_sides_read_what_came_of_a_call(
    professional: User, colleague: User, outcome: str, of_caller: str, of_callee: str
) -> None:
    ended(professional, colleague, outcome=outcome)

    [mine], [theirs] = own(professional), own(colleague)
    with translation.override("de"):
        assert (str(mine.direction.label), mine.outcome) == ("Ausgehend", of_caller)
        assert (str(theirs.direction.label), theirs.outcome) == ("Eingehend", of_callee)
    assert (mine.contact_name, theirs.contact_name) == ("Carl Kolb", "Dr. Anna Berger")
    assert mine.clock == theirs.clock == ("0:12:34" if outcome == Outcome.COMPLETED else "")


@pytest.mark.parametrize(
    ("seconds", "clock", "length"),
    [
        (0, "0:00:00", "0:00 Min."),
        (59.6, "0:01:00", "1:00 Min."),
        (3725, "1:02:05", "1:02:05 Std."),
    ],
)
def test_how_long_a_call_took_is_written_for_people_and_for_tables(
    professional: User, guest: Guest, seconds: float, clock: str, length: str
) -> None:
    ended(professional, guest, seconds=seconds)

    [entry] = own(professional)
    with translation.override("de"):
        assert (entry.clock, entry.length) == (clock, length)


def test_a_call_that_goes_on_is_in_no_log(professional: User, guest: Guest) -> None:
    call = CallFactory(guest=guest, state=Call.State.ACTIVE)
    assert own(professional) == []

    Call.objects.filter(pk=call.pk).update(state=Call.State.ENDED, outcome=Outcome.COMPLETED)
    assert names(own(professional)) == ["Paul Patient"]


def test_calls_are_filtered_by_kind_and_direction(
    professional: User, colleague: User, guest: Guest
) -> None:
    ended(professional, guest)
    ended(professional, GuestFactory(host=professional, last_name="Gruppe"), persons=3)
    ended(professional, colleague)
    ended(colleague, professional)

    found = {kind: sorted(names(own(professional, kind=kind))) for kind in ("patient", "group")}
    assert found == {"patient": ["Paul Patient"], "group": ["Paula Gruppe"]}
    assert names(own(professional, kind="contact")) == ["Carl Kolb", "Carl Kolb"]
    assert len(own(professional, direction="outgoing")) == 3
    assert names(own(professional, kind="contact", direction="incoming")) == ["Carl Kolb"]
    assert own(professional, kind="patient", direction="incoming") == []


def test_a_call_of_several_people_is_a_group_also_after_one_has_left(
    ringing: Call, news: News
) -> None:
    call = accepted(ringing)
    relative = inside(call, news)
    people_actions.hang_up(call, relative)
    actions.end_call(call, actor=call.initiator)

    [entry] = own(call.initiator)
    assert (entry.kind, entry.call.persons, entry.outcome) == (Kind.GROUP, 3, "geführt")


def test_calls_from_before_are_counted_as_they_were(professional: User, guest: Guest) -> None:
    alone, together = ended(professional, guest), ended(professional, guest)
    companion = GuestFactory(host=professional, companion_of=guest, role="relative")
    CallParticipant.objects.create(call=together, guest=companion)

    migration = import_module("healthcompanion.calls.migrations.0005_persons_of_calls")
    migration.count_persons(apps, None)

    counted = dict(Call.objects.values_list("pk", "persons"))
    assert counted == {alone.pk: 2, together.pk: 3}


def test_nobody_reads_the_calls_of_others(
    professional: User, colleague: User, stranger: User, guest: Guest
) -> None:
    ended(professional, guest)

    assert [own(colleague), own(stranger)] == [[], []]
    assert all_of(stranger) == []


def test_calls_of_a_former_practice_stay_there(
    professional: User, guest: Guest, stranger: User
) -> None:
    ended(professional, guest)
    former, new = professional.membership.organisation, stranger.membership.organisation
    Membership.objects.filter(user=professional).update(organisation=new)
    moved = User.objects.get(pk=professional.pk)

    assert own(moved) == []
    assert all_of(stranger) == []
    log = organisation_log(former, Choice()).page()
    assert [entry.member.full_name for entry in log.entries] == ["Dr. Anna Berger"]


def test_administrators_read_initials_of_patients_and_names_of_members(
    administrator: User, professional: User, colleague: User, stranger: User, guest: Guest
) -> None:
    now = timezone.now()
    ended(professional, guest, at=now - timedelta(minutes=3))
    ended(colleague, professional, at=now - timedelta(minutes=2))
    ended(stranger, colleague, at=now - timedelta(minutes=1))

    lines = [
        (entry.member.full_name, entry.direction.value, entry.contact_name)
        for entry in all_of(administrator)
    ]
    assert lines == [
        ("Carl Kolb", "incoming", "Stefan Fremd"),
        ("Carl Kolb", "outgoing", "Dr. Anna Berger"),
        ("Dr. Anna Berger", "outgoing", "P. P."),
    ]


def test_a_call_between_members_is_found_from_both_sides(
    administrator: User, professional: User, colleague: User
) -> None:
    ended(colleague, professional)
    organisation = administrator.membership.organisation

    def seen(search: str, direction: str = "") -> list[tuple[str, str]]:
        people = people_in_log(organisation, search)
        log = organisation_log(organisation, Choice(direction=direction), people=people)
        return [(entry.member.last_name, entry.direction.value) for entry in log.page().entries]

    called = all_of(administrator, direction="incoming")
    assert [entry.member.last_name for entry in called] == ["Berger"]
    assert seen("kolb") == [("Kolb", "outgoing")]
    assert seen("BERGER anna") == [("Berger", "incoming")]
    assert seen("", "incoming") == [("Berger", "incoming")]
    assert seen("berger", "outgoing") == []
    assert seen("nobody") == []


def test_a_removed_member_is_still_found_by_name(
    administrator: User, professional: User, guest: Guest
) -> None:
    ended(professional, guest)
    Membership.objects.filter(user=professional).delete()

    assert people_in_log(administrator.membership.organisation, "berger") == [professional.pk]
    assert [entry.member.last_name for entry in all_of(administrator)] == ["Berger"]


def test_a_search_that_fits_too_many_says_so(administrator: User) -> None:
    organisation = administrator.membership.organisation
    for _ in range(201):
        MembershipFactory(organisation=organisation, user=UserFactory(password="!"))

    with pytest.raises(TooMany):
        people_in_log(organisation, "muster")


def test_calls_older_than_ninety_days_are_not_shown(professional: User, guest: Guest) -> None:
    now = timezone.now()
    ended(professional, guest, at=now - timedelta(days=90, minutes=1))
    kept = ended(professional, guest, at=now - timedelta(days=89, hours=23))

    assert [entry.call for entry in own(professional)] == [kept]


def many(professional: User, colleague: User, number: int, *, hours: int = 5) -> None:
    """Calls of both directions, three in every moment."""
    start = timezone.now() - timedelta(hours=hours)
    organisation = professional.membership.organisation
    Call.objects.bulk_create(
        Call(
            organisation=organisation,
            initiator=professional if n % 4 else colleague,
            contact=colleague if n % 4 else professional,
            state=Call.State.ENDED,
            outcome=Outcome.MISSED,
            rang_at=start + timedelta(seconds=n // 3),
        )
        for n in range(number)
    )


@pytest.fixture
def log(professional: User, colleague: User) -> Log:
    many(professional, colleague, 2 * PAGE + 7)
    return own_log(professional.membership, Choice())


def test_pages_lead_through_all_calls_and_back(log: Log) -> None:
    first = log.page()
    second = log.page(after=first.older)
    third = log.page(after=second.older)

    lines = [*first.entries, *second.entries, *third.entries]
    expected = sorted((entry.order for entry in lines), reverse=True)
    assert [entry.order for entry in lines] == expected
    assert len({entry.call.pk for entry in lines}) == len(lines) == 2 * PAGE + 7
    assert (first.newer, third.older) == ("", "")
    back = log.page(before=third.newer)
    assert [entry.call.pk for entry in back.entries] == [entry.call.pk for entry in second.entries]
    assert back.older == second.older
    assert log.page(before=second.newer).newer == ""


def test_new_calls_move_nothing_on_the_next_page(
    log: Log, professional: User, colleague: User
) -> None:
    first = log.page()
    expected = [entry.call.pk for entry in log.page(after=first.older).entries]

    many(colleague, professional, 9, hours=1)

    after = own_log(professional.membership, Choice()).page(after=first.older)
    assert [entry.call.pk for entry in after.entries] == expected


def test_an_export_reads_everything_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthcompanion.calls.call_log.CHUNK", 10)

    keys = [entry.call.pk for entry in log.entries()]
    assert len(set(keys)) == len(keys) == 2 * PAGE + 7


@pytest.mark.parametrize("wrong", ["x", "1", "-", "1-abc", "99999999999999999999-abcdefghijkl"])
def test_a_cursor_that_is_none_leads_to_the_newest(log: Log, wrong: str) -> None:
    assert log.page(after=wrong).entries[0] == log.page().entries[0]


def test_the_farthest_cursor_that_one_may_type_is_no_error(log: Log) -> None:
    cursor = f"{'9' * 17}-abcdefghijkl"

    assert log.page(before=cursor).entries == []
    assert log.page(after="0-abcdefghijkl").entries == []
    assert datetime.fromtimestamp(0, UTC) < log.page(after=cursor).entries[0].call.rang_at
