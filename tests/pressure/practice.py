"""Somebody to be at the other end: accounts of a running service, with their sessions."""

import json

from tests.infrastructure.server import Server

PASSWORD = "Sonnenblume-42-Fenster"
SIGNED_IN = """
import json
from allauth.account.models import EmailAddress
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from healthcompanion.accounts.models import User
from healthcompanion.organisations.actions import open_individual_account

def sign_in(number):
    email = f"person{number}@praxis.example"
    password = PASSWORD if number in (0, 2) else None
    person = User.objects.create_user(
        email, password, first_name="Anna", last_name=f"Berger{number}")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    open_individual_account(person, practice_name=f"Praxis {number}")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "healthcompanion.accounts.backend.SignInBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"hc_session={session.session_key}"

print(json.dumps([sign_in(number) for number in range(COUNT)]))
"""


def sessions(server: Server, count: int) -> list[str]:
    """The cookie headers of `count` signed-in people; the first and the third have PASSWORD."""
    printed = server.run(f"PASSWORD, COUNT = {PASSWORD!r}, {count}\n{SIGNED_IN}")
    cookies: list[str] = json.loads(printed.splitlines()[-1])
    return cookies
