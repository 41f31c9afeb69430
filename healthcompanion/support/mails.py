"""The mail to the operator's support."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.notifications.wording import Mail, compose, renders
from healthcompanion.organisations.queries import membership_of
from healthcompanion.support.actions import KIND
from healthcompanion.support.models import SupportRequest


@renders(KIND, harmless_twice=True)
def request(reference: str) -> Mail | None:
    """The request with whom to answer; None once it is gone."""
    row = SupportRequest.objects.select_related("user").filter(pk=reference).first()
    if row is None:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        return compose(
            "support/email/request",
            to=settings.HC_SUPPORT_EMAIL,
            to_name=_("Support"),
            subject=_("Request %(number)s: %(subject)s")
            % {"number": row.number, "subject": row.subject},
            language=language,
            context={"request": row, "membership": membership_of(row.user)},
            headers={"Reply-To": row.user.email},
        )
