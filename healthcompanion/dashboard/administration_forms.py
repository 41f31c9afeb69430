"""What an administrator may type about a member."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.forms import COUNTRIES
from healthcompanion.accounts.models import User
from healthcompanion.organisations.members import CONTACT, PERSONAL
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.queries import find_professionals, professionals_of


class PersonForm(forms.ModelForm[User]):
    """Name and contact data; a new e-mail address has to be confirmed by the member (DEC-10)."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"required": _("Please enter the e-mail address.")},
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)

    class Meta:
        model = User
        fields = (*PERSONAL, *CONTACT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = self.instance.email
        self.fields["first_name"].error_messages["required"] = _("Please enter the first name.")
        self.fields["last_name"].error_messages["required"] = _("Please enter the last name.")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    """Professional or assistant, and whether the member manages the organisation."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)
    is_administrator = forms.BooleanField(label=_("Administrator"), required=False)


SHOWN_AT_MOST = 30  # people to tick
SERVED_AT_MOST = 500


class AssignmentForm(forms.Form):
    """For which professionals an assistant works (DEC-7)."""

    professionals = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(),
        to_field_name="code",
        required=False,
        error_messages={
            "invalid_choice": _("This person can no longer be chosen. Please check the list.")
        },
    )

    def __init__(
        self,
        *args: Any,
        assistant: Membership,
        search: str = "",
        ticked: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`search` and `ticked` (codes) are what stands in the page, unsaved, in a large house."""
        super().__init__(*args, **kwargs)
        rows = professionals_of(assistant.organisation)
        self.fields["professionals"].queryset = rows  # type: ignore[attr-defined]  # of the field
        served = Q(pk__in=assistant.professionals_served.values("professional"))
        if ticked is not None:
            served = Q(code__in=ticked[:SERVED_AT_MOST])
        self.search = search
        self.is_large = rows.count() > SHOWN_AT_MOST
        self.served = list(rows.filter(served))
        others = rows.exclude(served)
        if self.is_large:
            found = find_professionals(assistant.organisation, search)
            others = others.filter(pk__in=found[: SHOWN_AT_MOST + 1])
        self.others = list(others)[:SHOWN_AT_MOST]
        self.is_cut = self.is_large and len(found) > SHOWN_AT_MOST


class OrganisationForm(forms.ModelForm[Organisation]):
    """What guests and members read of the organisation."""

    class Meta:
        model = Organisation
        fields = ("name", "street", "postal_code", "city", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the organisation")
        self.fields["name"].error_messages["required"] = _(
            "Please enter the name of the organisation."
        )


class InvitationForm(forms.Form):
    """Whom to invite by mail, and as what (DEC-5)."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"required": _("Please enter the e-mail address.")},
    )
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)


class SuccessorForm(forms.Form):
    """Who takes over the coming appointments of `leaving`; with `may_cancel` also nobody."""

    NOBODY = "nobody"

    successor = forms.ChoiceField(
        label=_("Who takes over the appointments?"),
        error_messages={
            "required": _("Please choose who takes over the appointments."),
            "invalid_choice": _("This person can no longer be chosen. Please check the list."),
        },
    )

    def __init__(
        self,
        *args: Any,
        leaving: Membership,
        may_cancel: bool = False,
        search: str = "",
        **kwargs: Any,
    ) -> None:
        """In a large house those stand there whom `search` finds, and whoever was chosen."""
        super().__init__(*args, **kwargs)
        others = professionals_of(leaving.organisation).exclude(pk=leaving.pk)
        number, found = others.count(), list[int]()
        self.search, self.has_others = search, number > 0
        self.is_large = number > SHOWN_AT_MOST
        if self.is_large:
            found = find_professionals(leaving.organisation, search)
            chosen = Q(code=self.data.get("successor", ""))
            others = others.filter(chosen | Q(pk__in=found[:SHOWN_AT_MOST]))
        self.is_cut = len(found) > SHOWN_AT_MOST
        self.people = {row.code: row.user for row in others}
        choices: list[tuple[str, Any]] = [("", _("Please choose"))]
        choices += [(code, user.full_name) for code, user in self.people.items()]
        if may_cancel:
            choices.append((self.NOBODY, _("Nobody: cancel all appointments")))
        self.fields["successor"].choices = choices  # type: ignore[attr-defined]  # of the field

    @property
    def person(self) -> User | None:
        """The person who was chosen; None for nobody."""
        return self.people.get(self.cleaned_data["successor"])
