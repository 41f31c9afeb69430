"""The password rule of DEC-2, which follows the BSI's own alternatives."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from healthcompanion.accounts.models import User

SHORT_LENGTH, SHORT_CLASSES = 8, 4
LONG_LENGTH, LONG_CLASSES = 20, 2


def character_classes(password: str) -> int:
    """How many of the four classes occur: lower case, upper case, digit, anything else."""
    return sum(
        any(test(character) for character in password)
        for test in (
            str.islower,
            str.isupper,
            str.isdigit,
            lambda character: not character.isalnum(),
        )
    )


class CharacterClassValidator:
    """At least 8 characters out of all four classes, or at least 20 out of two."""

    def validate(self, password: str, user: User | None = None) -> None:
        classes = character_classes(password)
        if len(password) >= SHORT_LENGTH and classes >= SHORT_CLASSES:
            return
        if len(password) >= LONG_LENGTH and classes >= LONG_CLASSES:
            return
        raise ValidationError(self.get_help_text(), code="password_rule")

    def get_help_text(self) -> str:
        return _(
            "Please use at least 8 characters with upper-case and lower-case letters, a digit "
            "and a special character, or at least 20 characters of two of these kinds."
        )
