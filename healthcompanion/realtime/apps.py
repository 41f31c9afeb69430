from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from healthcompanion.core import events

SIGN_IN, COME_BACK = 4401, 1012


class RealtimeConfig(AppConfig):
    name = "healthcompanion.realtime"

    def ready(self) -> None:
        user_logged_out.connect(close_sockets_of_session)
        password_changed.connect(check_sockets_of_person)
        password_reset.connect(check_sockets_of_person)


def close_sockets_of_session(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Sign-out closes the sockets that this session opened (within 2 s, also in other tabs)."""
    if request is not None and request.session.session_key:
        channel = events.session_channel(request.session.session_key)
        events.revoke(channel, close_code=SIGN_IN)


def check_sockets_of_person(sender: Any, user: Any, **kwargs: Any) -> None:
    """A new password ends the other sessions: all sockets go, those still allowed come back."""
    events.revoke(events.user_channel(user.pk), close_code=COME_BACK)
