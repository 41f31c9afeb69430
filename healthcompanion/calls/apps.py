from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "healthcompanion.calls"

    def ready(self) -> None:
        from healthcompanion.calls import invitations  # noqa: F401, PLC0415 -- register
