"""People at our service, made beside it with its keys: practices' professionals and their guests.

Run through `Server.run` of tests/infrastructure; prints what the client needs, as JSON.
"""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from healthcompanion.accounts.models import User
from healthcompanion.calls.call_log import PAGE, Direction, Entry
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.tickets import SALT, cookie_name
from healthcompanion.organisations.models import Membership, Organisation

BACKEND = "healthcompanion.accounts.backend.SignInBackend"


def people(pairs: int, calls: int) -> None:
    """`pairs` professionals with one patient each; the first `calls` of them are talking."""
    now, mark = timezone.now(), get_random_string(6).lower()
    organisation = Organisation.objects.create(
        kind=Organisation.Kind.ORGANISATION, name="Messpraxis"
    )
    users = User.objects.bulk_create(
        User(
            email=f"p{n}.{mark}@bench.example",
            first_name="Erika",
            last_name=f"Mess{n}",
            password="!",  # noqa: S106 -- nobody signs in by it
        )
        for n in range(pairs)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation) for user in users
    )
    guests = Guest.objects.bulk_create(
        Guest(
            organisation=organisation,
            host=user,
            first_name="Paul",
            last_name=f"Patient{n}",
            scheduled_at=now,
            link_expires_at=now + timedelta(days=92),
        )
        for n, user in enumerate(users)
    )
    talking = [_talk(user, guest) for user, guest in zip(users[:calls], guests, strict=False)]
    sessions = _sessions(users)
    found = [
        {"session": key, "guest": guest.code, "ticket": _ticket(guest)}
        for key, guest in zip(sessions, guests, strict=True)
    ]
    for pair, call in zip(found, talking, strict=False):
        pair.update(call)
    print(json.dumps(found))


def _talk(user: User, guest: Guest) -> dict[str, str]:
    now = timezone.now()
    Visit.objects.create(guest=guest, state=Visit.State.CONSULTATION, waiting_at=now)
    call = Call.objects.create(
        organisation=guest.organisation,
        initiator=user,
        guest=guest,
        state=Call.State.ACTIVE,
        rang_at=now,
        accepted_at=now,
    )
    host = CallParticipant.objects.create(call=call, user=user, joined_at=now)
    patient = CallParticipant.objects.create(call=call, guest=guest, joined_at=now)
    return {"call": call.code, "host": host.code, "patient": patient.code}


def call_log(number: int) -> None:
    """`number` calls of the last professional, an administrator from now on; every tenth came in.

    Prints the cursor before the last page of them.
    """
    membership = Membership.objects.select_related("user", "organisation").latest("pk")
    Membership.objects.filter(pk=membership.pk).update(is_administrator=True)
    user, organisation = membership.user, membership.organisation
    guest = Guest.objects.filter(host=user).latest("pk")
    colleague = User.objects.exclude(pk=user.pk).latest("pk")
    start, step = timezone.now() - timedelta(days=85), timedelta(days=84) / number
    came_in = {"initiator": colleague, "contact": user}
    Call.objects.bulk_create(
        (
            Call(
                organisation=organisation,
                state=Call.State.ENDED,
                outcome=Call.Outcome.COMPLETED,
                rang_at=start + n * step,
                accepted_at=start + n * step,
                ended_at=start + n * step + timedelta(minutes=10),
                **({"initiator": user, "guest": guest} if n % 10 else came_in),
            )
            for n in range(number)
        ),
        batch_size=2000,
    )
    if connection.vendor == "postgresql":  # as its autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    before = Call.objects.order_by("rang_at")[min(PAGE, number - 1)]
    print(Entry(before, Direction.OUTGOING).cursor)


def _sessions(users: list[User]) -> list[str]:
    store, rows = SessionStore(), []
    until = timezone.now() + timedelta(hours=12)
    for user in users:
        data: dict[str, Any] = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=until))
    Session.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]


def _ticket(guest: Guest) -> str:
    value = signing.dumps([guest.pk, guest.link_version], salt=SALT)
    return f"{cookie_name(guest.code)}={value}"
