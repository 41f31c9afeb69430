"""What remains of a member who was removed."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.compliance.retention import apply_retention, guest_days
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.removal import remove_member


@pytest.fixture
def removed(administrator: User, colleague: User) -> User:
    remove_member(colleague.membership, actor=administrator)
    return colleague


def days_later(days: float) -> None:
    Membership.objects.exclude(removed_at=None).update(
        removed_at=timezone.now() - timedelta(days=days)
    )
    apply_retention()


def test_first_everything_stays_for_the_mails_on_their_way(removed: User) -> None:
    days_later(0.5)

    removed.refresh_from_db()
    assert removed.email == "carl.kolb@praxis.example"


def test_after_a_day_only_the_name_is_left(removed: User, professional: User) -> None:
    User.objects.filter(pk=removed.pk).update(phone="+49991123", street="Weg 1")

    days_later(1.1)

    removed.refresh_from_db()
    assert removed.email.endswith("@removed.invalid")
    assert (removed.phone, removed.street, removed.full_name) == ("", "", "Carl Kolb")
    assert not removed.has_usable_password()
    assert not EmailAddress.objects.filter(user=removed).exists()
    professional.refresh_from_db()
    assert professional.email == "anna.berger@praxis.example"


def test_the_name_goes_with_the_last_calls(removed: User) -> None:
    days_later(guest_days() + 1)

    removed.refresh_from_db()
    assert removed.full_name == ""
