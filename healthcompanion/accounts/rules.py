"""What people must have done before they may use the service."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from healthcompanion.accounts.models import User


def needs_second_factor(user: User) -> bool:
    """Has none yet although the operator asks for one (B7). Recovery codes alone are none."""
    return settings.HC_REQUIRE_SECOND_FACTOR and not (
        Authenticator.objects.filter(user=user)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .exists()
    )
