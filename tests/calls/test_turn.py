"""Relay credentials as coturn checks them."""

import base64
import hashlib
import hmac
import time

import pytest
from pytest_django import Settings

from healthcompanion.calls import actions
from healthcompanion.calls.models import Call
from healthcompanion.calls.news import call_state
from healthcompanion.calls.queries import participant_for
from healthcompanion.calls.turn import ice_servers

pytestmark = pytest.mark.django_db
SECRET = "a secret of the relay"
URLS = ["turn:relay.example.org:3478?transport=udp", "turn:relay.example.org:3478?transport=tcp"]


@pytest.fixture
def relay(settings: Settings) -> None:
    settings.HC_TURN_URLS = URLS
    settings.HC_TURN_SECRET = SECRET
    settings.HC_TURN_SECONDS = 600


def test_without_relay_there_is_nothing_to_hand_out(ringing: Call, settings: Settings) -> None:
    settings.HC_TURN_URLS = []

    assert ice_servers(participant_for(ringing.initiator, ringing.code)) == []


@pytest.mark.usefixtures("relay")
def test_password_is_what_coturn_computes_and_dies_in_time(ringing: Call) -> None:
    place = participant_for(ringing.initiator, ringing.code)

    [server] = ice_servers(place)

    expiry, person = server["username"].split(":")
    digest = hmac.new(SECRET.encode(), server["username"].encode(), hashlib.sha1).digest()
    assert server["urls"] == URLS
    assert person == place.code
    assert 590 <= int(expiry) - time.time() <= 600
    assert server["credential"] == base64.b64encode(digest).decode()


@pytest.mark.usefixtures("relay")
def test_everybody_gets_their_own_and_nobody_elses(ringing: Call) -> None:
    assert ringing.guest is not None
    host = participant_for(ringing.initiator, ringing.code)
    guest = participant_for(ringing.guest, ringing.code)

    mine, theirs = call_state(ringing, host), call_state(ringing, guest)

    [own] = theirs["ice_servers"]
    assert own["username"].endswith(f":{guest.code}")
    assert own["credential"] not in str(mine)
    assert SECRET not in str(mine) + str(theirs)


@pytest.mark.usefixtures("relay")
def test_ended_call_hands_out_no_relay(ringing: Call) -> None:
    actions.end_call(ringing, actor=ringing.initiator)

    state = call_state(ringing, participant_for(ringing.initiator, ringing.code))

    assert (state["state"], state["ice_servers"]) == ("ended", [])
