"""What the database itself forbids."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.models import Guest
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def refused(make: Any) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_call_has_exactly_one_subject(guest: Guest, professional: User, colleague: User) -> None:
    def call(**subject: Any) -> Call:
        return Call.objects.create(
            organisation=guest.organisation,
            initiator=professional,
            rang_at=timezone.now(),
            state=Call.State.ENDED,
            **subject,
        )

    assert refused(lambda: call())
    assert refused(lambda: call(guest=guest, contact=colleague))
    assert [call(guest=guest).contact, call(contact=colleague).guest] == [None, None]


def test_participant_is_exactly_one_person_and_once(guest: Guest, professional: User) -> None:
    call = CallFactory(guest=guest)

    def place(**person: Any) -> Any:
        return lambda: CallParticipant.objects.create(call=call, **person)

    assert refused(place())
    assert refused(place(user=professional, guest=guest))
    assert refused(place(user=professional))
    assert refused(place(guest=guest))


def test_caller_and_guest_are_in_one_live_call_at_a_time(
    guest: Guest, other_guest: Guest, colleague: User
) -> None:
    CallFactory(guest=guest, state=Call.State.ENDED)
    CallFactory(guest=guest, state=Call.State.ACTIVE)

    assert refused(lambda: CallFactory(guest=other_guest, initiator=guest.host))
    assert refused(lambda: CallFactory(guest=guest, initiator=colleague))
    assert not refused(lambda: CallFactory(guest=other_guest, initiator=colleague))
