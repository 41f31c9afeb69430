"""The delivered relay reaches nobody's own network, however the address is written."""

from collections.abc import Iterator

import pytest

from tests.infrastructure.coturn import Relay, delivered_relay, speaks_ipv6
from tests.infrastructure.figures import Figures
from tests.infrastructure.turn_client import Allocation

ALLOWED, REFUSED = 0, {403, 443}  # forbidden, or a family that this allocation does not speak
INTERNAL = {
    "unspecified": "0.0.0.0",  # noqa: S104 -- CVE-2020-26262: reached the relay itself
    "loopback": "127.0.0.1",
    "loopback, elsewhere": "127.99.1.2",
    "private, class A": "10.0.0.1",
    "private, class B": "172.16.5.4",
    "private, class C": "192.168.1.1",
    "link-local, metadata of clouds": "169.254.169.254",
    "carrier-grade NAT": "100.64.0.1",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 loopback": "::1",
    "IPv4-mapped loopback": "::ffff:127.0.0.1",  # CVE-2026-27624
    "IPv4-mapped private": "::ffff:10.0.0.1",
    "IPv4-compatible loopback": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64, local": "64:ff9b:1::a00:1",
    "6to4 of a private address": "2002:a00:1::1",
    "unique local": "fd00::1",
    "link-local": "fe80::1",
}
MORE = ["fec0::1", "febf::1", "fc00::1", "ff02::1", "::ffff:169.254.169.254", "2001::1", "100::1"]
PUBLIC = {4: "9.9.9.9", 6: "2620:fe::fe"}  # permissions send nothing


@pytest.fixture(scope="module")
def walls() -> Iterator[Relay]:
    with delivered_relay() as running:
        yield running


@pytest.fixture(scope="module", params=[4, 6])
def place(walls: Relay, request: pytest.FixtureRequest) -> Iterator[Allocation]:
    if request.param == 6 and not speaks_ipv6():
        pytest.skip("no IPv6 on this machine")
    made = Allocation(walls, family=request.param)
    assert made.answer.code == ALLOWED
    yield made
    made.close()


def test_public_address_is_allowed(walls: Relay, place: Allocation) -> None:
    public = PUBLIC[place.family]

    assert (place.create_permission(public), place.bind_channel(public)) == (ALLOWED, ALLOWED)


@pytest.mark.parametrize("address", [*INTERNAL.values(), *MORE], ids=[*INTERNAL, *MORE])
def test_internal_address_is_refused(place: Allocation, address: str) -> None:
    assert place.create_permission(address) in REFUSED
    assert place.bind_channel(address) in REFUSED


@pytest.mark.skipif(not speaks_ipv6(), reason="no IPv6 on this machine")
def test_twenty_kinds_of_address_are_tried(walls: Relay, figures: Figures) -> None:
    met = set()
    for family, version in ((4, "."), (6, ":")):
        made = Allocation(walls, family=family)
        for address in INTERNAL.values():
            if (":" in address) == (version == ":"):
                met.add((made.create_permission(address), made.bind_channel(address)))
        made.close()

    assert len(INTERNAL) == 20
    assert met == {(403, 403)}, "refused by the list, not for want of the family"
    figures("S10", "20 of 20 internal addresses refused with 403, twice each; public ones allowed")


def test_credential_that_is_over_opens_nothing(walls: Relay) -> None:
    late = Allocation(walls, seconds=-1)

    assert late.answer.code == 401
    late.close()
