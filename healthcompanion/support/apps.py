from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "healthcompanion.support"

    def ready(self) -> None:
        from healthcompanion.support import mails  # noqa: F401, PLC0415 -- register
