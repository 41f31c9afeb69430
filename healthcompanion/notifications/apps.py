from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "healthcompanion.notifications"

    def ready(self) -> None:
        from healthcompanion.notifications import account_mails  # noqa: F401, PLC0415 -- registers
