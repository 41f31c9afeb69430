"""Mails and SMS to people who are added to a running call: no medical words, nobody's name but
the host's and their own (DEC-12), so not the patient's either."""

from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.calls.people_actions import INVITATION
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest
from healthcompanion.notifications.gsm7 import ONE_SMS, folded, length
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, Text, compose, renders


@renders(INVITATION, harmless_twice=True)
def mail(reference: str) -> Mail | None:
    """The link by mail; None once it is dead."""
    guest = _invited(reference)
    if guest is None or not guest.email:
        return None
    with translation.override(guest.language):
        return compose(
            "calls/email/invitation",
            to=guest.email,
            to_name=guest.full_name,
            subject=_("Please join our video conversation"),
            language=guest.language,
            context={"guest": guest, "url": link_url(guest)},
        )


@renders(INVITATION, Message.Channel.SMS, harmless_twice=True)
def sms(reference: str) -> Text | None:
    """The link by SMS; None once it is dead."""
    guest = _invited(reference)
    if guest is None or not guest.phone:
        return None
    with translation.override(guest.language):
        words = _("%(host)s asks you to join a video conversation now. %(url)s")
    host = guest.host
    names = (f"{host.first_name} {host.last_name}", host.last_name, host.last_name[:20])
    texts = [folded(words % {"host": name, "url": link_url(guest)}) for name in names]
    fitting = next((text for text in texts if length(text) <= ONE_SMS), texts[-1])
    return Text(to=guest.phone, to_name=guest.full_name, text=fitting)


def _invited(reference: str) -> Guest | None:
    guest = Guest.objects.select_related("host", "organisation").filter(pk=reference).first()
    return guest if guest is not None and guest.has_open_link else None
