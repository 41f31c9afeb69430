"""What an administrator does, and what the others see of it at once."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.houses import house
from tests.e2e.people import enter_waiting_room, patient_link, professional, ring, sign_in
from tests.e2e.registrations import PASSWORD, go_on
from tests.infrastructure.browser import Person
from tests.infrastructure.figures import Figures
from tests.infrastructure.mail import Mailbox, link_in, text_of
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server


def settled(page: Page) -> None:
    """A page that has just been loaded says that it is signed out, and does not load again."""
    page.wait_for_timeout(max(0, 5100 - page.evaluate("performance.now()")))


def member_page(chief: Person, name: str) -> Page:
    page = chief.goto("/administration/members/")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page


def test_a_licence_that_is_taken_signs_out_within_two_seconds_and_comes_back(
    server: Server, person: Callable[..., Person], figures: Figures
) -> None:
    house_ = house(server)
    petra, anna = person("Petra", server), person("Anna", server)
    sign_in(petra, house_.chief)
    sign_in(anna, house_.anna)
    anna.goto("/patients/")
    page = member_page(petra, "Anna Klinik")
    page.get_by_role("link", name="Lizenz deaktivieren").click()
    settled(anna.page)
    page.get_by_role("button", name="Lizenz deaktivieren").click()
    before = time.monotonic()
    expect(anna.page.locator("input[name=password]")).to_be_visible(timeout=4000)
    seconds = time.monotonic() - before
    figures("DEC-9", f"the page is signed out {seconds:.1f} s after the licence was taken")
    assert seconds < 2

    sign_in(anna, house_.anna)
    expect(anna.page.get_by_role("heading", level=1)).to_have_text("Ihre Lizenz wurde deaktiviert")
    page.get_by_role("link", name="Lizenz aktivieren").click()
    page.get_by_role("button", name="Lizenz aktivieren").click()
    expect(page.get_by_text("Anna Klinik hat jetzt eine Lizenz.")).to_be_visible()
    anna.page.reload()
    expect(anna.page.locator("#nav-patients").first).to_be_visible()


def test_somebody_becomes_a_member_by_an_invitation_mail(
    server: Server, mailbox: Mailbox, person: Callable[..., Person]
) -> None:
    house_ = house(server)
    petra, nora = person("Petra", server), person("Nora", server, phone=True)
    sign_in(petra, house_.chief)
    page = petra.goto("/administration/invitations/")
    page.locator("#id_email").fill("nora.neu@klinikum.example")
    page.locator("#id_first_name").fill("Nora")
    page.locator("#id_last_name").fill("Neu")
    page.get_by_label("Rolle").select_option(label="Assistenz")
    page.get_by_role("button", name="Einladung senden").click()
    expect(page.locator(".list")).to_contain_text("nora.neu@klinikum.example")

    letter = mailbox.wait_for("nora.neu@klinikum.example")
    form = nora.goto(link_in(letter, f"{server.url}/join/"))
    form.get_by_role("link", name="Konto anlegen").click()
    go_on(form)
    expect(form.get_by_label("Nachname")).to_have_value("Neu")
    form.locator("#id_password1").fill(PASSWORD)
    form.locator("#id_password2").fill(PASSWORD)
    go_on(form)
    form.locator("#id_street").fill("Rosenweg 17")
    form.locator("#id_postal_code").fill("10115")
    form.locator("#id_city").fill("Berlin")
    go_on(form)
    form.locator("#id_terms").check()
    form.locator("#id_privacy").check()
    form.locator("step-form button[type=submit]:visible").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Ihr Konto wartet auf Freischaltung")

    page.goto(f"{server.url}/administration/members/")
    expect(page.locator(".list")).to_contain_text("Nora Neu")
    page.get_by_role("link", name="Nora Neu").click()
    expect(page.locator("#id_role")).to_have_value("assistant")


def test_an_assistant_prepares_and_the_professional_holds_the_consultation(
    server: Server, mailbox: Mailbox, person: Callable[..., Person]
) -> None:
    house_ = house(server)
    asta, anna = person("Asta", server), person("Anna", server)
    paul = person("Paul", server, phone=True)
    calls = server.run("from healthcompanion.calls.models import Call; print(Call.objects.count())")
    sign_in(asta, house_.asta)
    start = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(minutes=30)
    page = asta.goto("/patients/new/")
    page.locator("#id_first_name").fill("Paul")
    page.locator("#id_last_name").fill("Patient")
    page.locator("#id_email").fill("paul.klinik@example.net")
    page.locator("#id_date").fill(start.strftime("%Y-%m-%d"))
    page.locator("#id_time").fill(start.strftime("%H:%M"))
    page.locator("#id_message_consent").check()
    page.get_by_role("button", name="Einladen").click()
    expect(page.get_by_role("heading", name="Paul Patient")).to_be_visible()
    letter = mailbox.wait_for("paul.klinik@example.net")
    assert "Anna Klinik" in text_of(letter)

    enter_waiting_room(paul, link_in(letter, f"{server.url}/g/"))
    expect(page.locator(".person .dot--online")).to_be_visible()
    expect(page.locator("[data-call-start]:visible")).to_have_count(0)
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    refused = page.request.post(
        f"{server.url}/patients/{code}/call/",
        headers={"X-CSRFToken": csrf(page)},
        max_redirects=0,
    )
    assert (refused.status, refused.headers["location"]) == (302, "/")
    count = server.run("from healthcompanion.calls.models import Call; print(Call.objects.count())")
    assert count.split()[-1] == calls.split()[-1]

    sign_in(anna, house_.anna)
    anna.goto(f"/patients/{code}/")
    ring(anna, paul)
    paul.page.locator("[data-action=accept]").click()
    wait_for_picture(anna.page, paul.page)
    expect(page.locator("body")).to_contain_text("im Gespräch")
    anna.page.get_by_role("button", name="Auflegen").click()
    expect(paul.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()


def csrf(page: Page) -> str:
    cookies = page.context.cookies()
    return next(row["value"] for row in cookies if "csrf" in row.get("name", "").lower())


def test_who_leaves_hands_the_appointments_over_and_the_patient_is_told(
    server: Server, mailbox: Mailbox, person: Callable[..., Person]
) -> None:
    house_ = house(server)
    petra, anna, bernd = (person(name, server) for name in ("Petra", "Anna", "Bernd"))
    code, link = patient_link(server, house_.anna, email="paul.bleibt@example.net")
    server.run(f"""
from healthcompanion.appointments.actions import send_invitation
from healthcompanion.appointments.models import Appointment
row = Appointment.objects.get(code={code!r})
send_invitation(row, actor=row.professional)
""")
    mailbox.wait_for("paul.bleibt@example.net")
    sign_in(petra, house_.chief)
    sign_in(anna, house_.anna)
    anna.goto("/patients/")
    page = member_page(petra, "Anna Klinik")
    page.get_by_role("link", name="Mitglied entfernen").click()
    page.get_by_role("button", name="Mitglied entfernen").click()
    expect(page.get_by_text("Bitte wählen Sie, wer die Termine übernimmt.")).to_be_visible()
    settled(anna.page)
    page.get_by_label("Wer übernimmt die Termine?").select_option(label="Bernd Klinik")
    page.get_by_role("button", name="Mitglied entfernen").click()
    expect(page.get_by_text("Anna Klinik ist kein Mitglied mehr.")).to_be_visible()

    expect(anna.page.locator("input[name=password]")).to_be_visible(timeout=4000)
    letter = text_of(mailbox.wait_for("paul.bleibt@example.net", count=2))
    assert ("Bernd Klinik" in letter, link in letter) == (True, True)
    sign_in(bernd, house_.bernd)
    expect(bernd.goto(f"/patients/{code}/").get_by_role("heading", level=1)).to_contain_text("Paul")


def test_an_individual_account_becomes_an_organisation(
    server: Server, person: Callable[..., Person]
) -> None:
    account = professional(server)
    code, _link = patient_link(server, account)
    anna = person("Anna", server)
    sign_in(anna, account)
    page = anna.goto("/settings/organisation/")
    expect(page.get_by_role("link", name="Administrator")).to_have_count(0)
    page.get_by_label("Name der Organisation").fill("Zentrum am Markt")
    page.get_by_label("Adresse").fill("Am Markt 1")
    page.get_by_label("Postleitzahl").fill("94469")
    page.get_by_label("Stadt").fill("Deggendorf")
    page.get_by_role("button", name="Zur Organisation machen").click()
    confirmation = page.locator("#id_confirmed")
    expect(confirmation).to_be_focused()
    confirmation.check()
    page.get_by_role("button", name="Zur Organisation machen").click()

    expect(page.locator(".join-id__code")).to_be_visible()
    page.get_by_role("link", name="Administrator").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(anna.goto(f"/patients/{code}/").get_by_role("heading", level=1)).to_contain_text("Paul")


def test_in_a_large_house_the_professionals_of_an_assistant_are_looked_for(
    server: Server, person: Callable[..., Person]
) -> None:
    house_ = house(server)
    server.run(f"""
from healthcompanion.accounts.models import User
from healthcompanion.organisations.models import Membership
chief = User.objects.get(email={house_.chief.email!r})
home = chief.membership.organisation
people = User.objects.bulk_create(
    User(email=f"{{home.pk}}-{{n}}@klinikum.example", first_name="Kim", last_name=f"Müller{{n:02}}")
    for n in range(40))
Membership.objects.bulk_create(
    Membership(user=user, organisation=home, is_licensed=True) for user in people)
""")
    petra = person("Petra", server)
    sign_in(petra, house_.chief)
    page = member_page(petra, "Asta Klinik")
    people = page.locator("#assignment-people")
    expect(people.get_by_role("checkbox")).to_have_count(1)
    expect(people.get_by_label("Anna Klinik")).to_be_checked()

    search = page.get_by_label("Fachkräfte nach Namen suchen")
    search.fill("mueller07")
    people.get_by_label("Kim Müller07").check()
    search.fill("bernd")
    people.get_by_label("Bernd Klinik").check()
    search.fill("xyz")
    expect(people.get_by_text("Sonst wurde niemand gefunden.")).to_be_visible()
    expect(people.get_by_role("checkbox", checked=True)).to_have_count(3)
    people.get_by_label("Anna Klinik").uncheck()
    page.get_by_role("button", name="Zuordnung speichern").click()

    expect(page.get_by_text("Die Änderungen sind gespeichert.")).to_be_visible()
    expect(people.get_by_role("checkbox")).to_have_count(2)
    expect(people.get_by_label("Kim Müller07")).to_be_checked()
    expect(people.get_by_label("Bernd Klinik")).to_be_checked()
