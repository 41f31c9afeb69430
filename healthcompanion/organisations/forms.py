"""Registration of an individual account (DEC-3; tariff and payment come with the contract)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts import actions as accounts
from healthcompanion.accounts.models import User
from healthcompanion.organisations import actions

COUNTRIES = [("DE", _("Germany")), ("AT", _("Austria")), ("CH", _("Switzerland"))]
PERSONAL = ("title", "first_name", "last_name")
MISSING = {
    "first_name": _("Please enter your first name."),
    "last_name": _("Please enter your last name."),
    "email": _("Please enter your e-mail address."),
    "password1": _("Please choose a password."),
    "password2": _("Please type the password once more."),
    "street": _("Please enter street and number."),
    "postal_code": _("Please enter the postal code."),
    "city": _("Please enter the city."),
}
CONTACT = ("street", "postal_code", "city", "country", "phone")


class RegistrationForm(SignupForm):  # type: ignore[misc]  # allauth is untyped
    """Personal data, contact data and the two texts, in one form with three steps."""

    title = forms.CharField(label=_("Title"), max_length=40, required=False)
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    practice_name = forms.CharField(label=_("Name of the practice"), max_length=120, required=False)
    street = forms.CharField(label=_("Address"), max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12)
    city = forms.CharField(label=_("City"), max_length=80)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    phone = forms.CharField(label=_("Phone number"), max_length=30, required=False)
    terms = forms.BooleanField(
        error_messages={"required": _("Please accept the terms of use to go on.")}
    )
    privacy = forms.BooleanField(
        error_messages={"required": _("Please confirm that you have read the privacy information.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].validators.append(MaxLengthValidator(254))  # the column's width
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Confirm password")
        self.fields["password1"].help_text = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in MISSING:
                field.error_messages["required"] = MISSING[name]

    def clean(self) -> dict[str, Any]:
        """Also compares the password with the name, which allauth does not know about."""
        cleaned = super().clean()
        password = cleaned.get("password1")
        if password and not self.has_error("password1"):
            person = User(**{name: cleaned.get(name, "") for name in ("first_name", "last_name")})
            try:
                get_adapter().clean_password(password, user=person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return dict(cleaned)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        return user

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the bare account stands: the rest of the person, the tenant."""
        for name in (*PERSONAL, *CONTACT):
            setattr(user, name, self.cleaned_data[name])
        user.language = (get_language() or "de")[:2]
        user.save()
        accounts.accept_legal_texts(user)
        actions.open_individual_account(user, practice_name=self.cleaned_data["practice_name"])
