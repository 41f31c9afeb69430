"""The Approbationsnachweis: shown, looked at, decided; unchecked people treat nobody (DEC-11)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from healthcompanion.accounts import verification
from healthcompanion.accounts.models import User, Verification
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.actions import CallRefused, call_guest
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.proof_mails import DECIDED, SUBMITTED
from healthcompanion.notifications.wording import Mail, render
from healthcompanion.organisations.models import Membership
from tests.factories import VisitFactory
from tests.infrastructure.clients import proved, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/profile/proof/"
NEW = "/patients/new/"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Approbation >>\nendobj\n%%EOF\n"
State = Verification.State


def picture(kind: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (60, 40), "white").save(written, kind)
    return written.getvalue()


def upload(client: Client, data: bytes, name: str = "urkunde.pdf", **more: Any) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, **more)


@pytest.fixture
def client(professional: User) -> Client:
    return signed_in(professional)


@pytest.fixture
def required(settings: Settings) -> None:
    settings.HC_REQUIRE_VERIFIED_PROFESSIONALS = True


def appointment(**values: object) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=1)
    return {
        "first_name": "Paul",
        "last_name": "Neu",
        "by_link": "on",
        "date": day.isoformat(),
        "time": "10:00",
        "duration_minutes": 20,
        "language": "de",
        "message_consent": "on",
    } | values


@pytest.mark.parametrize(
    ("data", "media_type", "ending"),
    [
        (PDF, "application/pdf", "pdf"),
        (picture("JPEG"), "image/jpeg", "jpg"),
        (picture("PNG"), "image/png", "png"),
    ],
)
def test_a_document_is_kept_sealed_and_given_back(
    client: Client, professional: User, data: bytes, media_type: str, ending: str
) -> None:
    assert "Ihr Nachweis ist angekommen." in upload(client, data, follow=True).content.decode()

    row = Verification.objects.get(user=professional)
    assert (row.state, row.media_type) == (State.OPEN, media_type)
    assert data[:8] not in bytes(row.document or b"")
    mine = client.get(f"{PAGE}document/")
    assert (mine.content, mine["Content-Type"]) == (data, media_type)
    assert mine["Content-Disposition"].startswith("attachment; ")
    assert mine["Content-Disposition"].endswith(f'.{ending}"')
    assert mine["X-Content-Type-Options"] == "nosniff"
    letter = render(SUBMITTED, str(row.pk))
    assert isinstance(letter, Mail)
    assert "Berger" not in letter.text
    assert f"/backoffice/proofs/{row.code}/" in letter.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Ich bin Arzt.", "Diese Datei ist kein PDF, JPEG oder PNG"),
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "Diese Datei ist kein PDF"),
        (b"%PDF-1.7 abgeschnitten", "Diese Datei ist kein PDF"),
        (picture("GIF"), "Diese Datei ist kein PDF"),
        (picture("PNG")[:60], "Diese Datei ist kein PDF"),
        (b"", "Diese Datei ist kein PDF"),
        (PDF[:-6] + b" " * 2_500_000 + b"%%EOF", "Diese Datei ist größer als 2,5 MB."),
    ],
)
def test_other_files_are_refused_in_words(client: Client, data: bytes, sentence: str) -> None:
    answer = upload(client, data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Verification.objects.exists()


def test_without_a_file_the_field_says_so(client: Client) -> None:
    answer = client.post(PAGE)

    assert answer.status_code == 422
    assert "Bitte wählen Sie zuerst eine Datei." in answer.content.decode()


def test_the_staff_open_it_and_decide(client: Client, professional: User, staff: User) -> None:
    upload(client, PDF)
    row = Verification.objects.get()
    desk, url = proved(staff), f"/backoffice/proofs/{row.code}/"
    assert "1 offen" in desk.get("/backoffice/").content.decode()
    assert "Anna Berger" in desk.get("/backoffice/proofs/").content.decode()

    assert desk.get(f"{url}document/").content == PDF
    assert AuditEntry.objects.get(action="proof.opened").actor == f"user:{staff.pk}"
    assert desk.post(f"{url}rejection/", {"answer": ""}).status_code == 422
    desk.post(f"{url}rejection/", {"answer": "Der Name fehlt."})
    letter = render(DECIDED, str(row.pk))
    assert isinstance(letter, Mail)
    assert "Der Name fehlt." in letter.text
    page = client.get(PAGE).content.decode()
    assert ("abgelehnt" in page, "Der Name fehlt." in page) == (True, True)
    assert desk.post(f"{url}acceptance/").status_code == 404

    upload(client, picture("PNG"))
    desk.post(f"{url}acceptance/")
    assert verification.is_verified(professional)
    assert "geprüft" in client.get("/settings/profile/").content.decode()
    assert Message.objects.filter(kind=DECIDED).count() == 2
    assert upload(client, PDF).status_code == 302
    assert Verification.objects.get().state == State.VERIFIED
    assert "Nachweis geöffnet · Berta Betrieb" in desk.get(url).content.decode()


def test_nobody_else_gets_the_document(client: Client, colleague: User, staff: User) -> None:
    upload(client, PDF)
    code = Verification.objects.get().code

    assert signed_in(colleague).get(f"{PAGE}document/").status_code == 404
    for user in (colleague, staff):  # staff who have not proved who they are
        assert signed_in(user).get(f"/backoffice/proofs/{code}/document/").status_code in (302, 404)


@pytest.mark.usefixtures("required")
def test_who_is_not_checked_invites_nobody(client: Client, professional: User) -> None:
    assert "Sie können Patienten einladen, sobald" in client.get("/").content.decode()
    assert "Ein Schritt vor Ihrem ersten Termin" in client.get(NEW).content.decode()
    assert client.post(NEW, appointment()).status_code == 403
    assert not Appointment.objects.exists()

    verification.verify(professional, actor=None)
    assert "sobald Ihr Nachweis" not in client.get("/").content.decode()
    assert client.post(NEW, appointment()).status_code == 302
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("required")
def test_an_assistant_invites_for_checked_professionals_only(
    professional: User, assistant: User
) -> None:
    Membership.objects.get(user=assistant).professionals_served.create(
        professional=professional.membership
    )
    client = signed_in(assistant)

    answer = client.post(NEW, appointment(professional=professional.code))
    assert answer.status_code == 422
    assert "Dr. Anna Berger kann noch keine Patienten einladen" in answer.content.decode()
    assert 'value="Neu"' in answer.content.decode()
    assert not Appointment.objects.exists()

    verification.verify(professional, actor=None)
    assert client.post(NEW, appointment(professional=professional.code)).status_code == 302


@pytest.mark.usefixtures("required")
def test_who_is_not_checked_calls_nobody(
    client: Client, professional: User, guest: Guest, staff: User
) -> None:
    VisitFactory(guest=guest, state=Visit.State.WAITING)
    answer = client.post(
        f"/patients/{guest.appointment.code}/call/", {}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert "sobald Ihr Nachweis geprüft ist" in answer.json()["message"]

    verification.verify(professional, actor=None)
    verification.revoke(professional, actor=staff, answer="Die Approbation ruht.")
    with pytest.raises(CallRefused, match="unverified"):
        call_guest(guest, caller=professional, offer=None)


def test_where_it_is_not_required_nothing_is_in_the_way(client: Client) -> None:
    assert "sobald Ihr Nachweis" not in client.get("/").content.decode()
    assert client.post(NEW, appointment()).status_code == 302


def test_two_staff_decide_once(professional: User, staff: User) -> None:
    verification.submit_proof(professional, PDF, "application/pdf")

    assert verification.verify(professional, actor=staff)
    assert not verification.verify(professional, actor=staff)
    assert not verification.reject(professional, actor=staff, answer="Nein.")
    assert verification.revoke(professional, actor=staff, answer="Doch nicht.")
    assert not verification.revoke(professional, actor=staff, answer="Doch nicht.")
    with_answer = Verification.objects.get()
    assert (with_answer.state, with_answer.answer) == (State.REJECTED, "Doch nicht.")


def test_documents_go_a_month_after_the_decision(professional: User, colleague: User) -> None:
    for user in (professional, colleague):
        verification.submit_proof(user, PDF, "application/pdf")
    verification.verify(professional, actor=None)
    Verification.objects.filter(user=professional).update(
        decided_at=timezone.now() - timedelta(days=31)
    )

    assert apply_retention()["proofs"] == 1
    kept = dict(Verification.objects.values_list("user", "media_type"))
    assert kept == {professional.pk: "", colleague.pk: "application/pdf"}
    assert verification.is_verified(professional)
    assert signed_in(professional).get(f"{PAGE}document/").status_code == 404


def test_documents_follow_the_master_key(professional: User, settings: Settings) -> None:
    row = verification.submit_proof(professional, PDF, "application/pdf")
    old = settings.HC_MASTER_KEYS[0]
    settings.HC_MASTER_KEYS = ["n" * 50, old]

    assert verification.reseal_documents() == (1, 0)
    assert verification.reseal_documents() == (0, 0)
    settings.HC_MASTER_KEYS = ["n" * 50]
    assert verification.open_proof(row) == PDF
    settings.HC_MASTER_KEYS = [old]
    assert verification.reseal_documents() == (0, 1)
    assert signed_in(professional).get(f"{PAGE}document/").status_code == 404


def test_the_operator_vouches_at_the_command_line(professional: User) -> None:
    call_command("verify_professional", "Anna.Berger@praxis.example")

    assert verification.is_verified(professional)
    assert AuditEntry.objects.get(action="proof.verified").actor == "system"
