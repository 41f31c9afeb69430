from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "healthcompanion.calls"

    def ready(self) -> None:
        from healthcompanion.calls import invitations  # noqa: F401, PLC0415 -- register
        from healthcompanion.calls.queries import is_in_consultation  # noqa: PLC0415
        from healthcompanion.organisations import busy  # noqa: PLC0415

        busy.connect(is_in_consultation)
