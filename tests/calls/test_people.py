"""More than two in a call: added, at the door, let in, removed, gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions, people_actions
from healthcompanion.calls.actions import NotPossible
from healthcompanion.calls.models import Call
from healthcompanion.calls.news import call_state, participant_of
from healthcompanion.calls.people import call_people
from healthcompanion.calls.people_actions import CallFull, NotAtDoor
from healthcompanion.calls.queries import live_participant, visit_state
from healthcompanion.core.events import guest_channel, user_channel
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.actions import enter_waiting_room
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from tests.calls.beside import accepted, at_door, inside, invited, names, state_of
from tests.calls.news import News

pytestmark = pytest.mark.django_db


@pytest.fixture
def talking(ringing: Call) -> Call:
    """Anna and Paul talk."""
    return accepted(ringing)


def knock_again(guest: Guest) -> None:
    enter_waiting_room(guest, camera=True, microphone=True)


def test_added_person_is_a_guest_of_the_same_host_until_the_end_of_the_day(
    talking: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # in Berlin
    monkeypatch.setattr(timezone, "now", lambda: noon)

    guest = invited(talking, role="interpreter")

    assert (guest.host, guest.organisation) == (talking.initiator, talking.organisation)
    assert (guest.companion_of, guest.role) == (talking.guest, "interpreter")
    assert guest.link_expires_at == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert names(talking) == ["Anna", "Paul"]
    assert not Message.objects.exists()


def test_link_made_late_in_the_evening_works_for_two_hours(
    talking: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)

    assert invited(talking).link_expires_at == late + timedelta(hours=2)


def test_invitation_goes_by_each_way_that_was_given(talking: Call) -> None:
    guest = people_actions.add_person(
        talking,
        actor=talking.initiator,
        role="relative",
        first_name="Rita",
        last_name="Relative",
        email="Rita@Example.net",
        mobile="+4915123456789",
        language="de",
    )

    assert guest.email == "rita@example.net"
    assert set(Message.objects.values_list("kind", "channel", "reference")) == {
        ("companion.invitation", "email", str(guest.pk)),
        ("companion.invitation", "sms", str(guest.pk)),
    }


def test_only_a_running_call_takes_more_people(ringing: Call) -> None:
    with pytest.raises(NotPossible):
        invited(ringing)

    actions.end_call(accepted(ringing), actor=ringing.initiator)
    with pytest.raises(NotPossible):
        invited(ringing)
    assert Guest.objects.filter(companion_of=ringing.guest).count() == 0


def test_nobody_hoards_links(talking: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_actions, "MOST_INVITED", 1)
    invited(talking)

    with pytest.raises(CallFull):
        invited(talking, "Rolf")


def test_host_sees_who_waits_and_who_has_not_come(talking: Call, news: News) -> None:
    waiting, missing = at_door(talking, news), invited(talking, "Ingo", "interpreter")
    asleep = at_door(talking, news, "Karl", "colleague")
    news.present.discard(guest_channel(asleep.pk))

    people = call_people(talking)

    assert [(one["guest"], one["name"], one["role"]) for one in people["door"]] == [
        (waiting.code, "Rita Relative", "relative")
    ]
    assert [one["guest"] for one in people["invited"]] == [missing.code, asleep.code]
    assert (people["most"], people["free"]) == (5, 3)


@pytest.mark.parametrize("count", [1, 5])
def test_many_at_the_door_cost_no_more_queries_than_one(
    talking: Call,
    news: News,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        invited(talking, f"Ingo{number}")
        at_door(talking, news, f"Rita{number}")
    call = Call.objects.select_related("organisation", "guest").get(pk=talking.pk)

    with django_assert_num_queries(3):  # who is inside, who is invited, their visits
        people = call_people(call)

    assert (len(people["door"]), len(people["invited"])) == (count, count)


@pytest.mark.parametrize("count", [1, 3])
def test_many_in_the_call_cost_no_more_queries_than_one(
    talking: Call,
    news: News,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        guest = inside(talking, news, f"Rita{number}")
        guest.visits.update(confirmed_name=f"Ruth{number}")
    host = participant_of(talking, talking.initiator)
    assert host is not None

    with django_assert_num_queries(2):  # the people, their visits
        state = call_state(talking, host)

    named = [one["other_name"] for one in state["participants"] if one["role"] == "relative"]
    assert named == [f"Ruth{number}" for number in range(count)]


def test_waiting_alone_lets_nobody_in(talking: Call, news: News) -> None:
    guest = at_door(talking, news)

    assert participant_of(talking, guest) is None
    assert visit_state(guest)["step"] == "waiting"
    assert visit_state(guest)["call"] is None


def test_let_in_they_are_in_the_call_and_everybody_hears_who(
    talking: Call,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    guest = at_door(talking, news)
    assert talking.guest is not None

    with django_capture_on_commit_callbacks(execute=True):
        people_actions.let_in(talking, guest, actor=talking.initiator)

    for channel in (
        user_channel(talking.initiator_id),
        guest_channel(talking.guest.pk),
        guest_channel(guest.pk),
    ):
        told = [event for event in news.to(channel) if event["type"] == "call.changed"]
        assert [
            [(person["name"], person["role"]) for person in event["call"]["participants"]]
            for event in told
        ] == [
            [
                ("Dr. Anna Berger", "professional"),
                ("Paul Patient", "patient"),
                ("Rita Relative", "relative"),
            ]
        ]
    assert visit_state(guest)["step"] == "call"
    assert state_of(guest) == Visit.State.CONSULTATION
    entry = AuditEntry.objects.get(action="call.person.admitted")
    assert (entry.actor, entry.data) == (f"user:{talking.initiator_id}", {"call": talking.pk})


@pytest.mark.parametrize("how", ["away", "left", "inside", "ended"])
def test_only_who_waits_at_the_door_of_a_running_call_is_let_in(
    talking: Call, news: News, how: str
) -> None:
    guest = at_door(talking, news)
    if how == "away":
        news.present.discard(guest_channel(guest.pk))
    elif how == "left":
        actions.depart(guest)
    elif how == "inside":
        people_actions.let_in(talking, guest, actor=talking.initiator)
    else:
        actions.end_call(talking, actor=talking.initiator)
    before = names(talking)

    with pytest.raises(NotPossible if how == "ended" else NotAtDoor):
        people_actions.let_in(talking, guest, actor=talking.initiator)

    assert names(talking) == before


@pytest.mark.parametrize("limit", ["operator", "practice"])
def test_no_more_come_in_than_fit(
    talking: Call, news: News, settings: Settings, limit: str
) -> None:
    if limit == "operator":
        settings.HC_MAX_PERSONS = 3
    else:
        talking.organisation.max_persons = 3
        talking.organisation.save()
    inside(talking, news)
    late = at_door(talking, news, "Karl")

    with pytest.raises(CallFull):
        people_actions.let_in(talking, late, actor=talking.initiator)

    assert names(talking) == ["Anna", "Paul", "Rita"]
    assert state_of(late) == Visit.State.WAITING


def test_turned_away_the_link_is_dead(
    talking: Call,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    guest = at_door(talking, news)

    with django_capture_on_commit_callbacks(execute=True):
        people_actions.turn_away(talking, guest, actor=talking.initiator)

    guest.refresh_from_db()
    assert (guest.has_open_link, state_of(guest)) == (False, Visit.State.ENDED)
    assert news.revoked == [(guest_channel(guest.pk), 4410)]
    assert call_people(talking)["door"] == call_people(talking)["invited"] == []


def test_who_is_in_the_call_is_removed_and_not_turned_away(talking: Call, news: News) -> None:
    guest = inside(talking, news)

    with pytest.raises(NotAtDoor):
        people_actions.turn_away(talking, guest, actor=talking.initiator)

    guest.refresh_from_db()
    assert guest.has_open_link


def test_removed_they_are_out_and_may_knock_again(
    talking: Call,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    guest = inside(talking, news)
    member = talking.members.get(guest=guest)
    news.published.clear()

    with django_capture_on_commit_callbacks(execute=True):
        people_actions.remove(talking, member, actor=talking.initiator)

    assert names(talking) == ["Anna", "Paul"]
    assert live_participant(guest) is None
    ended = [one for one in news.to(guest_channel(guest.pk)) if one["type"] == "call.ended"]
    assert [(one["call"]["state"], one["call"]["ice_servers"]) for one in ended] == [("ended", [])]
    assert "call.changed" in news.types_to(user_channel(talking.initiator_id))
    assert "call.ended" not in news.types_to(user_channel(talking.initiator_id))
    assert visit_state(guest)["step"] == "ended"

    knock_again(guest)
    assert visit_state(guest)["step"] == "waiting"
    assert live_participant(guest) is None
    people_actions.let_in(talking, guest, actor=talking.initiator)
    back = live_participant(guest)
    assert back is not None
    assert back.code != member.code, "what was meant for the former connection must not arrive"
    assert names(talking) == ["Anna", "Paul", "Rita"]


def test_second_removal_finds_nobody(talking: Call, news: News) -> None:
    guest = inside(talking, news)
    member = talking.members.get(guest=guest)
    people_actions.remove(talking, member, actor=talking.initiator)

    with pytest.raises(NotPossible):
        people_actions.remove(talking, member, actor=talking.initiator)


@pytest.mark.parametrize("leaver", ["patient", "relative"])
def test_guest_who_hangs_up_leaves_the_others_talking(
    talking: Call, news: News, leaver: str
) -> None:
    relative = inside(talking, news)
    assert talking.guest is not None
    gone = talking.guest if leaver == "patient" else relative

    people_actions.hang_up(talking, gone)

    talking.refresh_from_db()
    assert talking.state == Call.State.ACTIVE
    assert names(talking) == ["Anna", "Rita" if leaver == "patient" else "Paul"]
    assert state_of(gone) == Visit.State.ENDED


def test_patient_who_left_knocks_at_the_door_of_their_own_consultation(
    talking: Call, news: News
) -> None:
    inside(talking, news)
    patient = talking.guest
    assert patient is not None
    people_actions.hang_up(talking, patient)

    knock_again(patient)

    assert [one["guest"] for one in call_people(talking)["door"]] == [patient.code]
    people_actions.let_in(talking, patient, actor=talking.initiator)
    assert names(talking) == ["Anna", "Paul", "Rita"]


def test_call_is_over_when_one_alone_would_stay(talking: Call, news: News) -> None:
    relative = inside(talking, news)
    assert talking.guest is not None

    people_actions.hang_up(talking, relative)
    people_actions.hang_up(talking, talking.guest)

    talking.refresh_from_db()
    assert (talking.state, talking.outcome) == ("ended", "completed")


def test_who_left_cannot_end_the_call_of_the_others(talking: Call, news: News) -> None:
    relative = inside(talking, news)
    people_actions.hang_up(talking, relative)

    people_actions.hang_up(talking, relative)

    talking.refresh_from_db()
    assert talking.state == Call.State.ACTIVE


def test_host_hangs_up_for_everybody_and_the_door(talking: Call, news: News) -> None:
    relative, knocking = inside(talking, news), at_door(talking, news, "Karl")
    left = inside(talking, news, "Ingo")
    people_actions.hang_up(talking, left)
    knock_again(left)
    assert talking.guest is not None

    actions.end_call(talking, actor=talking.initiator)

    assert [state_of(one) for one in (talking.guest, relative, knocking, left)] == ["ended"] * 4
    assert live_participant(relative) is None
    ends = set(talking.participants.exclude(guest=left).values_list("left_at", flat=True))
    assert ends == {talking.ended_at}


def test_ended_call_names_all_who_took_part(talking: Call, news: News) -> None:
    gone = inside(talking, news)
    people_actions.hang_up(talking, gone)
    host = participant_of(talking, talking.initiator)
    assert host is not None
    running = [one["name"] for one in call_state(talking, host)["participants"]]

    actions.end_call(talking, actor=talking.initiator)

    assert running == ["Dr. Anna Berger", "Paul Patient"]
    assert [one["name"] for one in call_state(talking, host)["participants"]] == [
        "Dr. Anna Berger",
        "Paul Patient",
        "Rita Relative",
    ]


def test_companion_is_not_in_the_way_of_other_calls(
    talking: Call, news: News, other_guest: Guest, professional: User
) -> None:
    """One live call per host and patient, as before; a companion may wait meanwhile."""
    inside(talking, news)
    enter_waiting_room_of(other_guest, news)

    with pytest.raises(actions.CallRefused, match="busy"):
        actions.call_guest(other_guest, caller=professional, offer=None)


def enter_waiting_room_of(guest: Guest, news: News) -> None:
    Visit.objects.create(
        guest=guest, state=Visit.State.WAITING, confirmed_name="A B", waiting_at=timezone.now()
    )
    news.present.add(guest_channel(guest.pk))
