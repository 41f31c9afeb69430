"""What people must have done before they may use the service."""

from allauth.mfa.models import Authenticator

from healthcompanion.accounts.models import User


def has_second_factor(user: User) -> bool:
    """Proves themselves with an app or a passkey. Recovery codes alone are no second factor."""
    return bool(
        Authenticator.objects.filter(user=user)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .exists()
    )
