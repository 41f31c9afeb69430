from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "healthcompanion.accounts"

    def ready(self) -> None:
        from healthcompanion.accounts import receivers  # noqa: PLC0415 -- models are loaded now

        receivers.connect()
