"""Two server processes with one PostgreSQL and one Redis: doctor here, patient there."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure import postgres
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.redis_server import RedisServer, running_redis
from tests.infrastructure.server import Server, running_server

Nodes = tuple[Server, Server, RedisServer]


@pytest.fixture
def nodes(all_mail: Mailbox) -> Iterator[Nodes]:
    with postgres.cluster() as database, running_redis() as redis_server:
        shared = {
            "HC_DATABASE_URL": database,
            "HC_REDIS_URL": redis_server.url,
            "HC_EMAIL_URL": all_mail.url,
            "HC_SECRET_KEY": secrets.token_urlsafe(48),
            "HC_LINK_KEY": secrets.token_urlsafe(48),
            "HC_MASTER_KEY": secrets.token_urlsafe(48),
        }
        with running_server(**shared) as one, running_server(**shared) as two:
            yield one, two, redis_server


def test_call_between_two_nodes_outlives_redis_and_ends_on_both_sides(
    nodes: Nodes, person: Callable[..., Person]
) -> None:
    one, two, redis_server = nodes
    account = people.professional(one)
    code, link = people.patient_link(two, account)
    anna, paul = person("Anna", one), person("Paul", two, phone=True)
    people.sign_in(anna, account)
    anna.goto(f"/patients/{code}/")

    people.enter_waiting_room(paul, link)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    assert_media_flows(anna.page, paul.page, seconds=4)

    redis_server.stop()
    assert_media_flows(anna.page, paul.page, seconds=4)
    redis_server.start()
    anna.page.locator("[data-part=hang-up]").click()
    # Said while the nodes may still be apart: the other page hears it, or catches up.
    expect(paul.page.locator("call-stage")).not_to_have_attribute(
        "data-state", "active", timeout=40_000
    )
    for node in (one, two):
        assert not node.trouble()
    for someone in (anna, paul):
        someone.context.close()
