from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "healthcompanion.appointments"

    def ready(self) -> None:
        from healthcompanion.appointments import mails, texts  # noqa: F401, PLC0415 -- register
