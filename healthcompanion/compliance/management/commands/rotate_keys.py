"""`manage.py rotate_keys`: carries what is stored over to the newest keys; says what old ones hold.

For operators, in English like the log. Safe to run at any time and as often as one likes.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from healthcompanion.accounts.second_factor import reseal_second_factors
from healthcompanion.accounts.verification import reseal_documents
from healthcompanion.compliance.rotation import LinkKey, link_keys
from healthcompanion.core.keys import key_id


class Command(BaseCommand):
    help = "Encrypts stored secrets under the first HC_MASTER_KEY; says which keys are needed."

    def handle(self, *args: Any, **options: Any) -> None:
        self._secret_key()
        self._link_key()
        self._master_key()

    def _secret_key(self) -> None:
        self.stdout.write(f"HC_SECRET_KEY   {key_id(settings.SECRET_KEY)} signs.")
        for old in settings.SECRET_KEY_FALLBACKS:
            self.stdout.write(
                f"                {key_id(old)} still verifies; not needed 3 days after the change."
            )

    def _link_key(self) -> None:
        current, *others = link_keys()
        self.stdout.write(f"HC_LINK_KEY     {current.identifier} makes new links.")
        for key in others:
            self.stdout.write(f"                {key.identifier} {_use_of(key)}")

    def _master_key(self) -> None:
        done, lost = map(sum, zip(reseal_second_factors(), reseal_documents(), strict=True))
        self.stdout.write(f"HC_MASTER_KEY   {key_id(settings.HC_MASTER_KEYS[0])} encrypts.")
        self.stdout.write(f"                secrets encrypted anew: {done}.")
        for old in settings.HC_MASTER_KEYS[1:]:
            self.stdout.write(f"                {key_id(old)} is not needed any more.")
        if lost:
            self.stdout.write(f"                secrets whose key is not given: {lost}.")


def _use_of(key: LinkKey) -> str:
    if not key.open_links:
        return "is not needed any more."
    until = f"{key.last_ends_at:%Y-%m-%d}"
    if key.is_given:
        return f"is needed until {until}: open links made with it: {key.open_links}."
    return f"is not given: links that no longer work and must be sent again: {key.open_links}."
