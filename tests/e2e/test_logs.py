"""Calls are declined, missed, cancelled and held: the logs and the figures say exactly that."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.houses import house
from tests.e2e.people import accept, enter_waiting_room, patient_link, ring, sign_in
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server

# The rule of DEC-16 is decided from the row, so nobody has to wait for 45 seconds here.
RANG_LONG_AGO = """
from datetime import timedelta
from django.db.models import F
from healthcompanion.calls.models import Call
Call.objects.filter(state="ringing").update(rang_at=F("rang_at") - timedelta(minutes=1))
"""


def hang_up(doctor: Person) -> None:
    """Until the server knows it too: the page ends the call at once."""
    with doctor.page.expect_response("**/end/"):
        doctor.page.locator("call-stage [data-action=hang-up]:visible").click()


def ring_again(doctor: Person, patient: Person) -> None:
    """The call is over on the doctor's page, which then is loaded anew and rings once more."""
    expect(doctor.page.locator("call-stage")).not_to_have_attribute("data-state", "outgoing")
    doctor.page.reload()
    ring(doctor, patient)


def column(page: Page, name: str) -> Locator:
    return page.locator(f"tbody .log-table__{name}")


def test_logs_and_figures_say_what_came_of_each_call(
    server: Server, person: Callable[..., Person], tmp_path: Path
) -> None:
    people = house(server)
    petra, anna = person("Petra", server), person("Anna", server)
    paul = person("Paul", server, phone=True)
    code, link = patient_link(server, people.anna)
    sign_in(anna, people.anna)
    anna.goto("/settings/logs/")
    expect(anna.page.get_by_role("heading", name="Noch keine Anrufe")).to_be_visible()
    enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")

    ring(anna, paul)
    paul.page.locator("[data-action=decline]").click()
    ring_again(anna, paul)
    server.run(RANG_LONG_AGO)
    ring_again(anna, paul)
    hang_up(anna)
    ring_again(anna, paul)
    accept(paul)
    wait_for_picture(anna.page, paul.page)
    hang_up(anna)
    expect(paul.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()

    page = anna.goto("/settings/logs/")
    held = re.compile(r"^0:\d\d Min\.$")
    # The call that was made older stands where it rang.
    expect(column(page, "duration")).to_have_text(
        [held, "abgebrochen", "abgelehnt", "nicht erreicht"]
    )
    expect(column(page, "contact")).to_have_text(["Paul Patient"] * 4)
    expect(column(page, "direction")).to_have_text(["Ausgehend"] * 4)
    axe(page)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Richtung").select_option("incoming")
    page.get_by_role("button", name="Filtern").click()
    expect(page.get_by_role("heading", name="Kein Anruf passt")).to_be_visible()
    page.get_by_role("link", name="Alle Anrufe zeigen").click()
    expect(column(page, "contact")).to_have_count(4)

    sign_in(petra, people.chief)
    page = petra.goto("/administration/logs/")
    page.get_by_label("Mitglied").fill("anna")
    page.get_by_label("Mitglied").press("Enter")
    expect(column(page, "member")).to_have_text(["Anna Klinik"] * 4)
    expect(column(page, "contact")).to_have_text(["P. P."] * 4)
    expect(page.get_by_text("Paul")).to_have_count(0)
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Als CSV exportieren").click()
    download.value.save_as(tmp_path / "logs.csv")
    rows = (tmp_path / "logs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 5
    assert rows[1].startswith("Anna Klinik;Ausgehend;P. P.;")
    assert [row.rsplit(";", 1)[1] for row in rows[1:]] == [
        "geführt",
        "abgebrochen",
        "abgelehnt",
        "nicht erreicht",
    ]

    petra.goto("/administration/")
    numbers = page.locator(".figure-card dd:not(.figure-card__note)")
    expect(numbers).to_have_text(["4", "1", "0", "3", "0", "0"])
    expect(page.get_by_text("2 verpasst, 1 abgelehnt")).to_be_visible()
    line = page.locator("tbody tr").filter(has_text="Anna Klinik")
    expect(line.locator("td")).to_have_text(["1", "0", "3", "0"])
    with page.expect_download() as figures_file:
        page.get_by_role("button", name="Als CSV herunterladen").click()
    figures_file.value.save_as(tmp_path / "figures.csv")
    lines = (tmp_path / "figures.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "Anna Klinik;1;0;3;0;0;0;0"
    assert lines[2].startswith("Alle zusammen;1;0;3;")
