"""What changes people."""

from allauth.account.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from healthcompanion.accounts.models import LegalAcceptance, User
from healthcompanion.core import audit


def accept_legal_texts(user: User) -> None:
    """Record that `user` accepted the terms and the privacy text in their present versions."""
    with transaction.atomic():
        for document, version in (
            (LegalAcceptance.Document.TERMS, settings.HC_TERMS_VERSION),
            (LegalAcceptance.Document.PRIVACY, settings.HC_PRIVACY_VERSION),
        ):
            LegalAcceptance.objects.create(user=user, document=document, version=version)


def choose_language(user: User, language: str) -> None:
    """Set the language of `user`'s pages and mails."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def cut_tie(tie: SocialAccount) -> None:
    """The other sign-in service no longer leads to the account; its holder gets a mail."""
    user: User = tie.user
    tie.delete()
    audit.record("oidc.removed", user, actor=user, organisation_id=None)
    get_adapter().send_notification_mail("socialaccount/email/account_disconnected", user)


@transaction.atomic
def change_name(
    user: User, *, title: str, first_name: str, last_name: str, actor: User | None = None
) -> None:
    """The operator grants what somebody has requested (DEC-10). Raises ValidationError.

    `actor` is the member of staff; None for the command line.
    """
    names = ("title", "first_name", "last_name")
    user.title, user.first_name, user.last_name = title, first_name, last_name
    user.clean_fields(exclude={row.name for row in user._meta.fields} - set(names))
    user.save(update_fields=names)
    audit.record("person.renamed", user, actor=actor, organisation_id=None)
