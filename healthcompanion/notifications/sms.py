"""Handing an SMS to the gateway that HC_SMS_URL names, by way of Apprise.

Apprise reports only that it failed; why stands in its log lines, which name numbers and are
therefore read here and written nowhere.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.conf import settings

from healthcompanion.notifications.models import Message, OutboxMail
from healthcompanion.notifications.transport import NotDelivered
from healthcompanion.notifications.wording import Text

Reason = Message.Reason
STATUS = re.compile(r"\berror=(\d{3})\b")
BROKEN_OFF = re.compile(r"Read timed out|Connection aborted")
# About our account or this moment, not about this message: signing in, credit, haste.
PASSING = {401, 402, 407, 408, 425, 429}


def send_text(text: Text) -> None:
    """Hand over one SMS; the demo keeps it instead. Raises NotDelivered."""
    if settings.HC_SMS_URL:
        _send_through_gateway(text)
    elif settings.HC_SMS_OUTBOX:
        OutboxMail.objects.create(
            channel=Message.Channel.SMS, from_address="", to=text.to, subject="", text=text.text
        )
    else:  # the gateway was taken away after the invitation
        raise NotDelivered(Reason.SMS_AWAY, for_good=False)


def gateway(number: str) -> Any:
    """Apprise's sender for `number`, or None where it cannot read HC_SMS_URL."""
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 -- slow, and needed by few

    asset = AppriseAsset(app_id="HealthCompanion")
    sender = Apprise(asset=asset)
    address = settings.HC_SMS_URL.replace("{to}", quote(number, safe=""))
    return sender if sender.add(address) else None


def _send_through_gateway(text: Text) -> None:
    with _nothing_logged():
        sender = gateway(text.to)
        if sender is None:
            raise NotDelivered(Reason.SMS_AWAY, for_good=False)
        result = sender.notify(body=text.text, body_format="text", log_level=logging.DEBUG)
    if result:
        return
    said = " ".join(
        entry.message
        for service in result.results
        for attempt in service.attempts
        for entry in attempt.logs
    )
    status = STATUS.search(said)
    if status is not None:
        code = int(status[1])
        refused = 400 <= code < 500 and code not in PASSING
        raise NotDelivered(Reason.SMS_REFUSED if refused else Reason.SMS_AWAY, for_good=refused)
    reason = Reason.UNCERTAIN if BROKEN_OFF.search(said) else Reason.SMS_AWAY
    raise NotDelivered(reason, for_good=False)


@contextmanager
def _nothing_logged() -> Iterator[None]:
    """Apprise's lines reach its result and nothing else, whatever LOGGING says."""
    logger = logging.getLogger("apprise")
    before = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    nowhere = logging.NullHandler()
    logger.addHandler(nowhere)
    try:
        yield
    finally:
        logger.removeHandler(nowhere)
        logger.level, logger.propagate = before
