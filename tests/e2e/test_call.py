"""A professional and a patient talk: two browsers, one service, real media."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.media import assert_media_flows, received, wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


def test_call_goes_on_while_the_professional_works(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)

    anna.goto(f"/patients/{code}/")
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    anna.page.locator("[data-action=minimise]").click()
    anna.page.locator("nav a[href='/patients/']:visible").first.click()
    expect(anna.page).to_have_url(f"{server.url}/patients/")
    assert_media_flows(anna.page, paul.page, seconds=10)
    anna.page.locator("nav a[href='/']:visible").first.click()
    expect(anna.page).to_have_url(f"{server.url}/")
    assert_media_flows(anna.page, paul.page, seconds=4)
    anna.page.locator("[data-action=hang-up]:visible").click()

    expect(paul.page.locator("[data-step=ended] h1")).to_be_visible()
    assert received(anna.page).connections == 0
    assert server.run(f"""
from healthcompanion.calls.models import Call
call = Call.objects.get(guest__appointment__code={code!r})
print(call.state, call.outcome, call.duration.total_seconds() > 10)
""").endswith("ended completed True")
