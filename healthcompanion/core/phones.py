"""Mobile numbers: as people type them, as they are stored (E.164), and as they are read."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
UNREADABLE = _(
    "Please check the mobile number: it should look like 0151 23456789 or +49 151 23456789."
)
TOO_SHORT = _("Digits are missing in this mobile number.")
TOO_LONG = _("This mobile number has too many digits.")
UNKNOWN_COUNTRY = _("No country has this dialling code. Please check the beginning of the number.")
NOT_MOBILE = _("This is not a mobile number, so no SMS would arrive there.")
TROUBLES = {
    ValidationResult.TOO_SHORT: TOO_SHORT,
    ValidationResult.TOO_LONG: TOO_LONG,
    ValidationResult.INVALID_COUNTRY_CODE: UNKNOWN_COUNTRY,
}


def normalised_mobile(typed: str, region: str) -> str:
    """`typed` as +4915123456789; without a country code it is meant within `region` ("DE").

    Raises ValidationError with a sentence for the page.
    """
    if any(letter.isalpha() for letter in typed):  # 0800-CALL-ME is for telephones with letters
        raise ValidationError(UNREADABLE)
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException as error:
        sentences = {
            NumberParseException.INVALID_COUNTRY_CODE: UNKNOWN_COUNTRY,
            NumberParseException.TOO_LONG: TOO_LONG,
            NumberParseException.TOO_SHORT_NSN: TOO_SHORT,
        }
        raise ValidationError(sentences.get(error.error_type, UNREADABLE)) from None
    if not phonenumbers.is_valid_number(number):
        fit = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
        raise ValidationError(TROUBLES.get(fit, UNREADABLE))
    if phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(NOT_MOBILE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """+49 1512 3456789 for +4915123456789; what is no number stays as it is."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL
        )
    except NumberParseException:
        return number
