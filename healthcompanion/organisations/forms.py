"""Registration: alone, as the administrator of an organisation, or as a member of one (DEC-3)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import context, ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts import actions as accounts
from healthcompanion.accounts.forms import COUNTRIES
from healthcompanion.accounts.models import User
from healthcompanion.organisations import actions, queries
from healthcompanion.organisations.join_ids import read_join_id
from healthcompanion.organisations.models import Organisation

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
MISSING_OF_KIND = {
    "organisation_name": _("Please enter the name of the organisation."),
    "join_id": _("Please enter the organisation ID that your administrator gave you."),
}
TEXTS = MISSING | MISSING_OF_KIND
CONTACT = ("street", "postal_code", "city", "country", "phone")


class Kind(models.TextChoices):
    """As what somebody registers."""

    INDIVIDUAL = "individual", _("Individual account")
    ADMINISTRATOR = "administrator", _("Administrator of an organisation")
    MEMBER = "member", _("Member of an organisation")


class RegistrationForm(SignupForm):  # type: ignore[misc]  # allauth is untyped
    """Kind of account, personal data, contact data and the two texts: one form with four steps.

    What belongs to another kind than the chosen one is ignored, whatever it says.
    """

    kind = forms.ChoiceField(label=_("Kind of account"), choices=Kind.choices, required=False)
    organisation_name = forms.CharField(
        label=_("Name of the organisation"), max_length=120, required=False
    )
    join_id = forms.CharField(label=_("Organisation ID"), max_length=20, required=False)
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

    organisation: Organisation | None = None  # the one that a member joins

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].validators.append(MaxLengthValidator(254))  # the column's width
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Confirm password")
        self.fields["password1"].help_text = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in TEXTS:
                field.error_messages["required"] = TEXTS[name]

    @property
    def chosen_kind(self) -> str:
        """What was chosen so far: alone, unless said otherwise."""
        given = self["kind"].value()
        return given if given in Kind.values else Kind.INDIVIDUAL

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
        self._clean_kind(cleaned)
        return dict(cleaned)

    def _clean_kind(self, cleaned: dict[str, Any]) -> None:
        kind = self.chosen_kind
        wanted = {Kind.ADMINISTRATOR: "organisation_name", Kind.MEMBER: "join_id"}.get(Kind(kind))
        if wanted and not cleaned.get(wanted) and not self.has_error(wanted):
            self.add_error(wanted, ValidationError(MISSING_OF_KIND[wanted], code="required"))
        elif kind == Kind.MEMBER and not self.has_error("join_id"):
            self._clean_join_id(cleaned)

    def _clean_join_id(self, cleaned: dict[str, Any]) -> None:
        """A mistyped ID is told at once; whether there is such an organisation, only in the end."""
        join_id = read_join_id(cleaned["join_id"])
        if join_id is None:
            text = _("This is no organisation ID. Please compare it with what you were given.")
            self.add_error("join_id", text)
        elif not self.errors:
            self._find_organisation(join_id)

    def _find_organisation(self, join_id: str) -> None:
        if not ratelimit.consume(context.request, action="join_id"):
            text = _("Too many organisation IDs were tried from here. Please wait a few minutes.")
            self.add_error("join_id", text)
            return
        self.organisation = queries.organisation_to_join(join_id)
        if self.organisation is None:
            text = _("This organisation ID is not valid. Please ask your administrator.")
            self.add_error("join_id", text)

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
        self._take_place(user)

    def _take_place(self, user: User) -> None:
        values = self.cleaned_data
        if self.organisation is not None:
            actions.join(user, self.organisation)
        elif self.chosen_kind == Kind.ADMINISTRATOR:
            address = {name: values[name] for name in CONTACT}
            actions.open_organisation(user, name=values["organisation_name"], **address)
        else:
            actions.open_individual_account(user, practice_name=values["practice_name"])
