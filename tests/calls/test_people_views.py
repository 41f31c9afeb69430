"""The addresses by which a host adds, lets in, turns away and removes people."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.core.events import guest_channel
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.gsm7 import ONE_SMS, length
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, Text, render
from tests.calls.beside import accepted, at_door, inside, invited, names
from tests.calls.news import News
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
PERSON = {"first_name": "Rita", "last_name": "Relative", "role": "relative", "language": "de"}


@pytest.fixture
def talking(ringing: Call) -> Call:
    return accepted(ringing)


@pytest.fixture
def host(professional: User) -> Client:
    return signed_in(professional)


def post(client: Client, name: str, body: object = None, **where: str):  # type: ignore[no-untyped-def]  # a test client's answer
    return client.post(
        reverse(f"calls:{name}", kwargs=where), body or {}, content_type="application/json"
    )


def test_added_person_comes_back_with_a_link_to_copy(talking: Call, host: Client) -> None:
    response = post(host, "call-people", PERSON, code=talking.code)

    guest = Guest.objects.get(companion_of=talking.guest)
    assert response.status_code == 201
    assert response.json()["link"] == link_url(guest)
    assert response.json()["invited"] == [
        {
            "guest": guest.code,
            "name": "Rita Relative",
            "role": "relative",
            "link": link_url(guest),
        }
    ]
    assert Client().get(link_url(guest).removeprefix(project.HC_BASE_URL)).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"role": "patient"}, "role"),
        ({"role": "host"}, "role"),
        ({"language": "fr"}, "language"),
        ({"email": "rita", "consent": True}, "email"),
        ({"mobile": "12", "consent": True}, "mobile"),
        ({"email": "rita@example.net"}, "consent"),
        ({"mobile": "0151 23456789"}, "consent"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    talking: Call, host: Client, settings: Settings, change: dict[str, object], field: str
) -> None:
    settings.HC_SMS_OUTBOX = True

    response = post(host, "call-people", PERSON | change, code=talking.code)

    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert not Guest.objects.filter(companion_of=talking.guest).exists()
    assert not Message.objects.exists()


def test_number_is_taken_only_where_sms_go_out(
    talking: Call, host: Client, settings: Settings
) -> None:
    settings.HC_SMS_OUTBOX, settings.HC_SMS_URL = False, ""

    post(host, "call-people", PERSON | {"mobile": "0151 23456789"}, code=talking.code)

    assert Guest.objects.get(companion_of=talking.guest).phone == ""
    assert not Message.objects.exists()


def test_mail_and_sms_name_nobody_but_host_and_the_person(
    talking: Call, host: Client, settings: Settings
) -> None:
    settings.HC_SMS_OUTBOX = True
    ways = {"email": "rita@example.net", "mobile": "0151 23456789", "consent": True}

    response = post(host, "call-people", PERSON | ways, code=talking.code)

    reference = str(Guest.objects.get(companion_of=talking.guest).pk)
    mail = render("companion.invitation", reference)
    text = render("companion.invitation", reference, "sms")
    assert isinstance(mail, Mail)
    assert isinstance(text, Text)
    link = response.json()["link"]
    assert (mail.to, text.to) == ("rita@example.net", "+4915123456789")
    assert text.text == f"Anna Berger bittet Sie jetzt zu einem Videogespräch. {link}"
    assert length(text.text) <= ONE_SMS
    for words in (mail.text, mail.html, mail.subject, text.text):
        assert "Paul" not in words
        assert "Patient" not in words
        assert "Sprechstunde" not in words
    assert link in mail.text
    assert link in mail.html


def test_dead_link_is_not_sent_any_more(talking: Call, host: Client) -> None:
    guest = invited(talking)
    post(host, "person-refusal", code=talking.code, guest=guest.code)

    assert render("companion.invitation", str(guest.pk)) is None
    assert render("companion.invitation", str(guest.pk), "sms") is None


def test_host_lets_in_and_removes(talking: Call, host: Client, news: News) -> None:
    guest = at_door(talking, news)

    came = post(host, "call-admission", code=talking.code, guest=guest.code)
    assert (came.status_code, came.json()["door"]) == (200, [])
    assert names(talking) == ["Anna", "Paul", "Rita"]

    member = talking.members.get(guest=guest)
    gone = post(host, "call-removal", code=talking.code, participant=member.code)
    assert gone.status_code == 200
    assert names(talking) == ["Anna", "Paul"]
    again = post(host, "call-removal", code=talking.code, participant=member.code)
    assert again.status_code == 404


def test_refusals_say_why(talking: Call, host: Client, news: News, settings: Settings) -> None:
    settings.HC_MAX_PERSONS = 2
    guest = at_door(talking, news)
    full = post(host, "call-admission", code=talking.code, guest=guest.code)
    news.present.discard(guest_channel(guest.pk))
    settings.HC_MAX_PERSONS = 3
    away = post(host, "call-admission", code=talking.code, guest=guest.code)
    post(host, "call-end", code=talking.code)
    over = post(host, "call-admission", code=talking.code, guest=guest.code)

    assert [one.status_code for one in (full, away, over)] == [409] * 3
    assert [one.json()["error"] for one in (full, away, over)] == ["full", "offline", "gone"]


def test_nobody_but_the_host_manages_the_call(
    talking: Call, news: News, stranger: User, colleague: User
) -> None:
    waiting, member = at_door(talking, news), inside(talking, news, "Karl")
    seat = talking.members.get(guest=member).code
    ticket = with_ticket(member)

    for client, status in (
        (signed_in(stranger), 404),
        (signed_in(colleague), 404),
        (ticket, 302),
        (Client(), 302),
    ):
        answers = [
            client.get(reverse("calls:call-people", args=[talking.code])),
            post(client, "call-people", PERSON, code=talking.code),
            post(client, "call-admission", code=talking.code, guest=waiting.code),
            post(client, "person-refusal", code=talking.code, guest=waiting.code),
            post(client, "call-removal", code=talking.code, participant=seat),
        ]
        assert [answer.status_code for answer in answers] == [status] * 5
    assert names(talking) == ["Anna", "Paul", "Karl"]


def test_hosts_other_guests_are_strangers_to_the_call(
    talking: Call, host: Client, other_guest: Guest
) -> None:
    for name in ("call-admission", "person-refusal"):
        response = post(host, name, code=talking.code, guest=other_guest.code)
        assert response.status_code == 404


def test_guest_who_hangs_up_is_told_that_it_is_over_for_them(talking: Call, news: News) -> None:
    guest = inside(talking, news)
    mine = with_ticket(guest)

    answer = post(mine, "guest-call-end", guest=guest.code, code=talking.code)

    assert answer.json()["state"] == "ended"
    assert mine.get(reverse("calls:visit-state", args=[guest.code])).json()["step"] == "ended"
    talking.refresh_from_db()
    assert talking.state == Call.State.ACTIVE
    assert guest.visits.get().state == Visit.State.ENDED


def test_returning_page_is_in_the_call_without_being_let_in_again(
    talking: Call, news: News
) -> None:
    guest = inside(talking, news)

    state = with_ticket(guest).get(reverse("calls:visit-state", args=[guest.code])).json()

    assert state["step"] == "call"
    assert [one["name"] for one in state["call"]["participants"]] == [
        "Dr. Anna Berger",
        "Paul Patient",
        "Rita Relative",
    ]
    assert state["call"]["me"] == talking.members.get(guest=guest).code


def test_companions_pages_speak_of_the_door_and_never_of_the_patient(
    talking: Call, news: News
) -> None:
    guest = at_door(talking, news)

    greeting = Client().get(link_url(guest).removeprefix(project.HC_BASE_URL)).content.decode()
    page = with_ticket(guest).get(reverse("calls:visit", args=[guest.code])).content.decode()

    assert "bittet Sie in eine Videosprechstunde" in greeting
    assert "lässt Sie herein" in page
    for text in (greeting, page):
        assert "Paul" not in text
