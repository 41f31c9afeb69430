"""The demo's "Postausgang": there in the demo, absent wherever mails really go out."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message, OutboxMail

pytestmark = pytest.mark.django_db
BACKEND = "healthcompanion.notifications.outbox.OutboxBackend"


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.HC_OUTBOX = True
    settings.EMAIL_BACKEND = BACKEND


def kept(
    subject: str = "Ihr Termin", html: str = "<p style='color:red'>Guten Tag</p>"
) -> OutboxMail:
    return OutboxMail.objects.create(
        from_address="praxis@example.org",
        to="paul@example.net",
        subject=subject,
        text="Guten Tag",
        html=html,
    )


def test_mail_is_kept_as_it_would_have_gone_out(appointment: Appointment, client: Client) -> None:
    message = actions.queue_message(
        "appointment.invitation", str(appointment.pk), organisation=None, sender=None
    )

    actions.deliver_message(message.pk)

    mail = OutboxMail.objects.get()
    message.refresh_from_db()
    assert message.state == Message.State.SENT
    assert (mail.to, mail.from_address) == (
        "paul@example.net",
        "HealthCompanion <praxis@example.org>",
    )
    assert appointment.link_url in mail.text
    assert appointment.link_url in mail.html
    for path in ("/outbox/", f"/outbox/{mail.code}/", f"/outbox/{mail.code}/body/"):
        assert client.get(path).status_code == 200


def test_plain_mail_and_other_parts_are_kept_as_well() -> None:
    EmailMessage("Nur Text", "Hallo", "a@example.org", ["b@example.org", "c@example.org"]).send()
    parts = EmailMultiAlternatives("Kalender", "Hallo", "a@example.org", ["b@example.org"])
    parts.attach_alternative("BEGIN:VCALENDAR", "text/calendar")
    parts.send()

    assert list(OutboxMail.objects.order_by("id").values_list("to", "subject", "html")) == [
        ("b@example.org, c@example.org", "Nur Text", ""),
        ("b@example.org", "Kalender", ""),
    ]


def test_pages_are_absent_where_mails_go_out(client: Client, settings: Settings) -> None:
    mail = kept()
    settings.HC_OUTBOX = False

    answers = [
        client.get(path)
        for path in ("/outbox/", f"/outbox/{mail.code}/", f"/outbox/{mail.code}/body/")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert b"Ihr Termin" not in b"".join(answer.content for answer in answers)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_mails(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        kept()

    with django_assert_num_queries(1):
        page = client.get("/outbox/")

    assert len(page.context["mails"]) == count


def test_list_is_newest_first_and_escapes_subjects(client: Client) -> None:
    first, second = kept("Erste"), kept("<script>alert(1)</script>")

    page = client.get("/outbox/")

    assert list(page.context["mails"]) == [second, first]
    assert "<script>alert(1)" not in page.content.decode()


def test_mail_itself_may_style_itself_and_nothing_else(client: Client) -> None:
    mail = kept(html="<script>alert(1)</script><p style='color:red'>Guten Tag</p>")

    answer = client.get(f"/outbox/{mail.code}/body/")

    policy = {
        words[0]: words[1:]
        for part in answer["Content-Security-Policy"].split(";")
        if (words := part.split())
    }
    assert answer.content.decode() == mail.html
    assert policy["style-src"] == ["'unsafe-inline'"]
    assert policy["default-src"] == ["'none'"]
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == ["'self'"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_frame_around_the_mail_is_a_sandbox(client: Client) -> None:
    page = client.get(f"/outbox/{kept().code}/").content.decode()

    assert "<iframe" in page
    assert 'sandbox="' in page
    assert "allow-scripts" not in page


def test_unknown_mail_is_not_found(client: Client) -> None:
    assert client.get("/outbox/aaaaaaaaaaaa/").status_code == 404
    assert client.get("/outbox/aaaaaaaaaaaa/body/").status_code == 404


def test_calendar_file_can_be_read_and_saved(appointment: Appointment, client: Client) -> None:
    message = actions.queue_message(
        "appointment.invitation", str(appointment.pk), organisation=None, sender=None
    )
    actions.deliver_message(message.pk)
    mail = OutboxMail.objects.get()

    page = client.get(f"/outbox/{mail.code}/").content.decode()
    file = client.get(f"/outbox/{mail.code}/attachments/1/")

    assert "SUMMARY:Online-Termin" in page
    assert f"/outbox/{mail.code}/attachments/1/" in page
    assert file["Content-Type"] == "text/calendar; method=REQUEST; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="Termin.ics"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file.content.decode() == mail.attachments[0]["content"]
    assert file.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_attachment_that_is_not_there_is_not_found(client: Client, settings: Settings) -> None:
    mail = kept()
    mail.attachments = [{"name": "a.ics", "mimetype": "text/calendar", "content": "x"}]
    mail.save()
    there = f"/outbox/{mail.code}/attachments/1/"

    statuses = [client.get(there.replace("/1/", f"/{number}/")).status_code for number in (0, 1, 2)]
    settings.HC_OUTBOX = False

    assert statuses == [404, 200, 404]
    assert client.get(there).status_code == 404
    assert client.get("/outbox/aaaaaaaaaaaa/attachments/1/").status_code == 404


def test_what_an_attachment_says_is_text(client: Client) -> None:
    mail = kept()
    mail.attachments = [{"name": "<b>.ics", "mimetype": "text/calendar", "content": "<script>x"}]
    mail.save()

    page = client.get(f"/outbox/{mail.code}/").content.decode()

    assert "&lt;script&gt;x" in page
    assert "<b>.ics" not in page
