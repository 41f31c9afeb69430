"""Jobs of this room: they fetch and delegate."""

from django_tasks import task

from healthcompanion.appointments import actions
from healthcompanion.core.sealing import unseal

LOST_LINK = "lost-link"


@task()
def send_lost_links(sealed_address: str) -> None:
    """Send the links that somebody asked for. The address is sealed, since jobs are kept."""
    actions.send_lost_links(unseal(sealed_address, purpose=LOST_LINK))
