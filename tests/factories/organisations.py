"""People with an account and the organisations they work for."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from healthcompanion.accounts.models import User
from healthcompanion.organisations.models import Membership, Organisation

PASSWORD = "Sonnenblume-42-Fenster"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = Organisation.Kind.ORGANISATION
    name = factory.Sequence(lambda n: f"Praxis {n}")


class UserFactory(DjangoModelFactory[User]):
    """A person with a confirmed address; their membership is made by MembershipFactory."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Erika"
    last_name = factory.Sequence(lambda n: f"Muster{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def confirmed(self, create: bool, extracted: object, **kwargs: object) -> None:
        """A confirmed address, unless `confirmed=False`."""
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=extracted is not False
            )


class MembershipFactory(DjangoModelFactory[Membership]):
    """A professional of an organisation; `.user` and `.organisation` lead on."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
