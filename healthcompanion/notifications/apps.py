from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "healthcompanion.notifications"

    def ready(self) -> None:
        from healthcompanion.notifications import (  # noqa: PLC0415 -- they register
            account_mails,  # noqa: F401
            address_mails,
            checks,  # noqa: F401
            member_mails,
            proof_mails,
        )

        address_mails.connect()
        member_mails.connect()
        proof_mails.connect()
