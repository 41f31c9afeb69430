"""Django test clients that act as one of the cast."""

from django.http import HttpResponse
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest
from healthcompanion.guests.tickets import give_ticket


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="healthcompanion.accounts.backend.SignInBackend")
    return client


def with_ticket(guest: Guest) -> Client:
    """A browser in which `guest` has opened their link."""
    client = Client()
    response = HttpResponse()
    give_ticket(response, guest)
    client.cookies = response.cookies
    return client
