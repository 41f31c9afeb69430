"""Calls with both of their people."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from healthcompanion.calls.models import Call, CallParticipant
from tests.factories.guests import GuestFactory


class CallFactory(DjangoModelFactory[Call]):
    """A call from a guest's host to the guest; it rings unless said otherwise."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    guest = factory.SubFactory(GuestFactory)
    organisation = factory.SelfAttribute("guest.organisation")
    initiator = factory.SelfAttribute("guest.host")
    rang_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def people(self: Any, create: bool, extracted: object, **kwargs: object) -> None:
        if create:
            joined = self.rang_at if self.state != Call.State.RINGING else None
            CallParticipant.objects.create(call=self, user=self.initiator, joined_at=self.rang_at)
            CallParticipant.objects.create(call=self, guest=self.guest, joined_at=joined)
