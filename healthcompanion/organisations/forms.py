"""Registration: alone, as the administrator of an organisation, or as a member of one (DEC-3)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import context, ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts import actions as accounts
from healthcompanion.accounts.forms import COUNTRIES
from healthcompanion.accounts.models import User
from healthcompanion.organisations import actions, invitations, queries
from healthcompanion.organisations.join_ids import read_join_id
from healthcompanion.organisations.models import MemberInvitation, Organisation

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

    # The link of an invitation leads here: it stands for the ID and names the person.
    invitation_token = forms.CharField(widget=forms.HiddenInput, required=False)

    organisation: Organisation | None = None  # the one that a member joins
    invitation: MemberInvitation | None = None

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
        self._read_invitation()

    def _read_invitation(self) -> None:
        query = context.request.GET.get("invitation", "") if context.request else ""
        token = (self.data.get("invitation_token") if self.is_bound else query) or ""
        self.invitation = invitations.invitation_behind(token)
        if self.invitation is not None:
            self.initial["invitation_token"] = token
            for name in ("email", "first_name", "last_name"):
                self.initial[name] = getattr(self.invitation, name)

    @property
    def chosen_kind(self) -> str:
        """What was chosen so far: alone, unless said otherwise."""
        if self.invitation is not None:
            return Kind.MEMBER
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
        if self.invitation is not None:
            return
        if cleaned.get("invitation_token"):
            text = _(
                "This invitation is no longer valid. Please ask your administrator for a new one."
            )
            self.add_error(None, text)
            return
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

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Of two who take the same invitation in one moment, the second reads that it is gone."""
        try:
            user, answer = super().try_save(request)
        except invitations.InvitationGone:
            get_adapter().unstash_verified_email(request)
            return None, redirect("organisations:join", self.cleaned_data["invitation_token"])
        return user, answer

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        invited = self.invitation.email if self.invitation is not None else None
        if invited == self.cleaned_data["email"].lower():  # the link came to this very address
            get_adapter().stash_verified_email(request, invited)
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
        if self.invitation is not None:
            invitations.accept(self.invitation, user)
        elif self.organisation is not None:
            actions.join(user, self.organisation)
        elif self.chosen_kind == Kind.ADMINISTRATOR:
            address = {name: values[name] for name in CONTACT}
            actions.open_organisation(user, name=values["organisation_name"], **address)
        else:
            actions.open_individual_account(user, practice_name=values["practice_name"])
