"""Who runs this installation, as patients find it in the imprint and in every mail (DEC-37)."""

from django.core.exceptions import ImproperlyConfigured

from healthcompanion.core import environment

SENDER = "HC_EMAIL_FROM"
INVENTED = {
    "HC_OPERATOR_NAME": "HealthCompanion Demo",
    "HC_OPERATOR_STREET": "Musterstraße 1",
    "HC_OPERATOR_CITY": "80331 München",
    "HC_OPERATOR_EMAIL": "support@example.org",
    "HC_OPERATOR_PHONE": "+49 89 000000",
    SENDER: "HealthCompanion <praxis@example.org>",
}


def load(*, demo: bool) -> tuple[dict[str, str], str]:
    """The operator (name, street, city, email, phone) and the sender of all mails.

    The demo invents what is not given. Elsewhere that raises ImproperlyConfigured: patients must
    find somebody real.
    """
    stated = {name: environment.text(name) or demo * text for name, text in INVENTED.items()}
    for name, value in stated.items():
        if not value:
            raise ImproperlyConfigured(f"{name} must be set when HC_DEMO is off.")
    sender = stated.pop(SENDER)
    return {
        name.removeprefix("HC_OPERATOR_").lower(): text for name, text in stated.items()
    }, sender
