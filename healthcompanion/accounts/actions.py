"""What changes people."""

from django.conf import settings
from django.db import transaction

from healthcompanion.accounts.models import LegalAcceptance, User


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
