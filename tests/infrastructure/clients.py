"""Django test clients that act as one of the cast."""

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from django.http import HttpRequest, HttpResponse
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest
from healthcompanion.guests.tickets import give_ticket


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="healthcompanion.accounts.backend.SignInBackend")
    return client


def proved(user: User, *, ago: float = 0) -> Client:
    """The same, who proved `ago` seconds ago who they are: the back office asks for that."""
    client = signed_in(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    record_authentication(request, user, method="password")
    request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= ago
    request.session.save()
    return client


def with_ticket(guest: Guest) -> Client:
    """A browser in which `guest` has opened their link."""
    client = Client()
    response = HttpResponse()
    give_ticket(response, guest)
    client.cookies = response.cookies
    return client
