from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.apps import AppConfig

from healthcompanion.core import events
from healthcompanion.core.close_codes import COME_BACK


class RealtimeConfig(AppConfig):
    name = "healthcompanion.realtime"

    def ready(self) -> None:
        password_changed.connect(check_sockets_of_person)
        password_reset.connect(check_sockets_of_person)


def check_sockets_of_person(sender: Any, user: Any, **kwargs: Any) -> None:
    """A new password ends the other sessions: all sockets go, those still allowed come back."""
    events.revoke(events.user_channel(user.pk), close_code=COME_BACK)
