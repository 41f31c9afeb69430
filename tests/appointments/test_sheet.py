"""The invitation on paper: what stands on it, what the QR code says, and who gets it."""

import re
from datetime import UTC, datetime

import pytest

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.sheet import code_of
from tests.appointments.test_mails import MEDICAL, STYLES
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
PAPER = re.compile(r'<article class="paper".*?</article>', re.DOTALL)


def paper_of(user: User, appointment: Appointment) -> str:
    page = signed_in(user).get(f"/patients/{appointment.code}/sheet/").content.decode()
    found = PAPER.search(page)
    assert found is not None
    return found[0]


def test_sheet_tells_day_and_time_in_the_practices_zone(
    appointment: Appointment, professional: User
) -> None:
    appointment.organisation.time_zone = "America/New_York"
    appointment.organisation.save()
    appointment.starts_at = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
    appointment.save()

    paper = paper_of(professional, appointment)

    assert "Dienstag, 1. Dezember 2026" in paper
    assert "9:30" in paper
    assert "Ortszeit New York" in paper


@pytest.mark.parametrize(("language", "words"), [("de", "Am Computer"), ("en", "On a computer")])
def test_sheet_speaks_the_patients_language(
    appointment: Appointment, professional: User, language: str, words: str
) -> None:
    appointment.patient.language = language
    appointment.patient.save()

    paper = paper_of(professional, appointment)

    assert f'lang="{language}"' in paper
    assert words in paper


def test_sheet_carries_the_link_that_can_be_copied(
    appointment: Appointment, professional: User
) -> None:
    assert f">{appointment.link_url}<" in paper_of(professional, appointment)


@pytest.mark.parametrize("language", ["de", "en"])
def test_sheet_has_no_medical_word(
    appointment: Appointment, professional: User, language: str
) -> None:
    appointment.organisation.name = "Haus am Markt"
    appointment.organisation.save()
    appointment.patient.language = language
    appointment.patient.last_name = "Muster"
    appointment.patient.save()

    text = STYLES.sub(" ", paper_of(professional, appointment))

    assert MEDICAL.findall(text) == []


def test_code_is_drawn_from_squares_with_the_finder_in_its_corner() -> None:
    drawn = code_of("http://localhost:8000/g/abcdefghijkl-abcdefghijklmnopqrst")

    cells = {tuple(map(int, cell)) for cell in re.findall(r"M(\d+) (\d+)h1", str(drawn["path"]))}
    finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]
    corner = ["".join("#" if (4 + x, 4 + y) in cells else " " for x in range(7)) for y in range(7)]
    assert corner == finder
    assert min(x for x, _ in cells) == min(y for _, y in cells) == 4  # the white around it
    assert max(x for x, _ in cells) == int(drawn["size"]) - 5


def test_sheet_is_for_those_who_may_copy_the_link(
    appointment: Appointment, stranger: User, colleague: User, assistant: User
) -> None:
    for user in (stranger, colleague, assistant):
        assert signed_in(user).get(f"/patients/{appointment.code}/sheet/").status_code == 404
