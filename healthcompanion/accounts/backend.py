"""Who is behind a session: found with everything that every page asks about them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from healthcompanion.accounts.models import User


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Signs in as allauth does; one query for the person, their place and their switches."""

    def get_user(self, user_id: Any) -> User | None:
        rows = User.objects.select_related("preferences", "membership__organisation")
        user = rows.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
