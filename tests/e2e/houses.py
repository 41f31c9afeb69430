"""An organisation that exists already, with everybody who works there."""

import secrets
from dataclasses import dataclass

from tests.e2e.people import PASSWORD, Account
from tests.infrastructure.server import Server


@dataclass(frozen=True)
class House:
    """Petra manages it, Anna and Bernd hold consultations, Asta assists Anna."""

    chief: Account
    anna: Account
    bernd: Account
    asta: Account


def house(server: Server) -> House:
    """A new organisation; all have licences, whoever manages it holds consultations too."""
    mark = secrets.token_hex(4)
    names = {"chief": "Petra", "anna": "Anna", "bernd": "Bernd", "asta": "Asta"}
    emails = {key: f"{name}.{mark}@klinikum.example".lower() for key, name in names.items()}
    server.run(f"""
from allauth.account.models import EmailAddress
from healthcompanion.accounts.models import User
from healthcompanion.organisations import licences, members
from healthcompanion.organisations.actions import join, open_organisation
people = {{}}
for key, name in {names!r}.items():
    email = {emails!r}[key]
    people[key] = User.objects.create_user(
        email, {PASSWORD!r}, first_name=name, last_name="Klinik")
    EmailAddress.objects.create(user=people[key], email=email, verified=True, primary=True)
chief = people.pop("chief")
home = open_organisation(chief, name="Klinikum am See")
rows = {{key: join(user, home) for key, user in people.items()}}
for row in rows.values():
    licences.activate(row, actor=chief)
members.set_role(rows["asta"], "assistant", actor=chief)
rows["asta"].refresh_from_db()
members.assign(rows["asta"], [rows["anna"]], actor=chief)
""")
    return House(**{key: Account(email) for key, email in emails.items()})
