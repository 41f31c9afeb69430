"""The demo's member of staff, for the back office."""

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.staff import appoint
from healthcompanion.dashboard.demo import PASSWORD

EMAIL = "nora.brandt@betreiber.example"


def seed() -> None:
    """Once; afterwards the account has whatever second factor was set up."""
    if not User.objects.filter(email=EMAIL).exists():
        appoint(EMAIL, first_name="Nora", last_name="Brandt", password=PASSWORD)
