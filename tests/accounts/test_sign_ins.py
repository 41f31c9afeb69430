"""The list of signed-in devices, and signing out from afar (DEC-1, DEC-2)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from healthcompanion.accounts.agents import describe_agent
from healthcompanion.accounts.models import SignIn, User
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core.models import AuditEntry
from healthcompanion.realtime.actors import user_at
from tests.accounts.second_factors import password_given
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/security/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
NEW = "Lavendel-77-Treppe"


def is_in(client: Client) -> bool:
    return client.get("/patients/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (IPHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36",
            ("Chrome", "Android"),
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", ("Chrome", "ChromeOS")),
        ("curl/8", ("", "")),
        ("<script>" * 1000, ("", "")),
    ],
)
def test_browser_is_named_in_words(agent: str, words: tuple[str, str]) -> None:
    assert describe_agent(agent) == words


def test_list_names_the_devices_this_one_first(professional: User) -> None:
    password_given(professional, headers={"user-agent": IPHONE})
    here, _answer = password_given(professional, headers={"user-agent": FIREFOX})

    page = here.get(PAGE)

    rows = [(row.browser, row.system, row.is_phone) for row in page.context["sign_ins"]]
    assert rows == [("Firefox", "Windows", False), ("Safari", "iPhone", True)]
    assert page.content.decode().count("Dieses Gerät</span>") == 1


def test_whole_agent_and_address_are_not_stored(professional: User) -> None:
    password_given(professional, headers={"user-agent": FIREFOX})

    stored = repr(list(SignIn.objects.values()))

    assert "140.0" not in stored
    assert "127.0.0.1" not in stored


def test_device_is_signed_out_from_afar(professional: User) -> None:
    there, here = signed_in(professional), signed_in(professional)
    sign_in = SignIn.objects.get(session_key=there.session.session_key)

    answer = here.post(f"{PAGE}sign-ins/{sign_in.code}/end/")

    assert answer["Location"] == PAGE
    assert (is_in(there), is_in(here)) == (False, True)
    assert SignIn.objects.get().session_key == here.session.session_key
    assert AuditEntry.objects.filter(action="sign_in.ended").count() == 1


def test_ones_own_device_is_not_signed_out_by_a_link_of_the_list(professional: User) -> None:
    here = signed_in(professional)

    answer = here.post(f"{PAGE}sign-ins/{SignIn.objects.get().code}/end/")

    assert answer["Location"] == "/accounts/logout/"
    assert is_in(here)


def test_all_others_are_signed_out_at_once(professional: User, stranger: User) -> None:
    others, here = [signed_in(professional) for _ in range(3)], signed_in(professional)
    foreign = signed_in(stranger)

    here.post(f"{PAGE}sign-ins/end/")

    assert [is_in(client) for client in others] == [False] * 3
    assert (is_in(here), is_in(foreign)) == (True, True)


def test_stranger_signs_nobody_out(professional: User, stranger: User) -> None:
    theirs = signed_in(professional)
    sign_in = SignIn.objects.get(user=professional)

    answer = signed_in(stranger).post(f"{PAGE}sign-ins/{sign_in.code}/end/")

    assert (answer.status_code, is_in(theirs)) == (404, True)


def test_sign_out_leaves_nothing(professional: User) -> None:
    client = signed_in(professional)

    client.post("/accounts/logout/")

    assert SignIn.objects.count() == 0


def test_new_password_leaves_this_device_alone_in_the_list(professional: User) -> None:
    here = signed_in(professional)
    signed_in(professional)

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    caches["own"].clear()
    page = here.get(PAGE)
    assert [row.session_key for row in page.context["sign_ins"]] == [here.session.session_key]
    assert Session.objects.filter(session_key__in=SignIn.objects.values("session_key")).count() == 1


@pytest.mark.parametrize("devices", [1, 3])
def test_list_asks_the_database_as_often_for_many_devices(
    professional: User, devices: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    here = [signed_in(professional) for _ in range(devices)][-1]

    with django_assert_num_queries(7):
        page = here.get(PAGE)

    assert len(page.context["sign_ins"]) == devices


def test_last_activity_is_written_once_in_five_minutes(professional: User) -> None:
    client = signed_in(professional)
    before = timezone.now() - timedelta(hours=1)
    SignIn.objects.update(last_seen_at=before)

    client.get("/patients/")
    soon = SignIn.objects.get().last_seen_at
    caches["own"].clear()
    client.get("/patients/")

    assert soon == before
    assert SignIn.objects.get().last_seen_at > before


def test_expired_sign_in_is_neither_listed_nor_kept(professional: User) -> None:
    there, here = signed_in(professional), signed_in(professional)
    old = Session.objects.filter(session_key=there.session.session_key)
    old.update(expire_date=timezone.now() - timedelta(minutes=1))

    assert len(here.get(PAGE).context["sign_ins"]) == 1
    assert apply_retention()["sign_ins"] == 1
    assert SignIn.objects.count() == 1


def test_session_moves_under_a_new_key_and_stays_where_it_is(
    professional: User, settings: Settings
) -> None:
    client = signed_in(professional)
    place = client.session.session_key
    former, settings.SECRET_KEY = settings.SECRET_KEY, "a new key for everything that is signed"
    settings.SECRET_KEY_FALLBACKS = [former]

    assert client.get("/patients/").status_code == 200
    assert Session.objects.get().session_key == place
    assert user_at(f"hc_session={place}").person == professional  # what a socket looks up again
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/patients/").status_code == 200
