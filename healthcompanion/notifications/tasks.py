"""Jobs of this room: they fetch and delegate."""

from django_tasks import task

from healthcompanion.notifications import actions


@task()
def deliver(message_id: int) -> None:
    """Try to send one message."""
    actions.deliver_message(message_id)
