"""Questions about people. Fetching is authorising."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from healthcompanion.accounts.models import Preferences, SignIn, User


def sign_ins_of(user: User) -> QuerySet[SignIn]:
    """Where `user` is signed in at the moment, last seen first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return SignIn.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at")


def sign_in_of(user: User, code: str) -> SignIn:
    """One of `user`'s own sign-ins. Raises Http404 for those of others."""
    return get_object_or_404(SignIn, user=user, code=code)


def ties_of(user: User) -> QuerySet[SocialAccount]:
    """By which other sign-in service `user` may come in."""
    found: QuerySet[SocialAccount] = SocialAccount.objects.filter(user=user).order_by("pk")
    return found


def tie_of(user: User, pk: int) -> SocialAccount:
    """One of `user`'s own. Raises Http404 for those of others."""
    return get_object_or_404(ties_of(user), pk=pk)


def second_factors(user: User) -> dict[str, Any]:
    """What `user` proves themselves with beside the password: `totp`, `passkeys`, `codes`."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    single = {row.type: row for row in rows}
    return {
        "totp": single.get(Authenticator.Type.TOTP),
        "codes": single.get(Authenticator.Type.RECOVERY_CODES),
        "passkeys": [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
    }


def preferences_of(user: User) -> Preferences:
    """The switches and devices that `user` chose; the defaults where nothing was chosen yet."""
    known: Preferences | None = getattr(user, "preferences", None)
    return known or Preferences(user=user)
