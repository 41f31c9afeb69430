"""The form "Termin erstellen": what it takes, and what it says about the rest."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from healthcompanion.appointments.forms import AppointmentForm
from healthcompanion.organisations.rules import SmsOffer
from tests.appointments.conftest import BERLIN, SetClock

GOOD = {
    "first_name": "Erika",
    "last_name": "Mustermann",
    "by_email": "on",
    "email": "erika@example.org",
    "date": "2027-01-15",
    "time": "14:30",
    "duration_minutes": "20",
    "language": "de",
    "message_consent": "on",
}


@pytest.fixture(autouse=True)
def _january(set_clock: SetClock) -> None:
    set_clock("2027-01-15 10:00")


def form(**changes: Any) -> AppointmentForm:
    values = {**GOOD, **changes}
    return AppointmentForm({k: v for k, v in values.items() if v is not None}, zone=BERLIN)


def errors(**changes: Any) -> dict[str, list[str]]:
    with translation.override("en"):
        return {
            name: [str(text) for text in texts] for name, texts in form(**changes).errors.items()
        }


def test_good_values_become_a_start_in_the_practices_zone() -> None:
    filled = form()

    assert filled.is_valid()
    assert filled.cleaned_data["starts_at"] == datetime(2027, 1, 15, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"first_name": " "}, {"first_name": ["Please enter the patient's first name."]}),
        ({"last_name": ""}, {"last_name": ["Please enter the patient's last name."]}),
        (
            {"by_email": None},
            {
                "by_email": [
                    "Please choose how the patient gets the link: by e-mail, by SMS, or from you."
                ]
            },
        ),
        (
            {"by_sms": "on"},
            {"mobile": ["Please enter the mobile number for the invitation."]},
        ),
        (
            {"by_sms": "on", "mobile": "089 1234567"},
            {"mobile": ["This is not a mobile number, so no SMS would arrive there."]},
        ),
        (
            {"by_sms": "on", "mobile": "0171 392"},
            {"mobile": ["Digits are missing in this mobile number."]},
        ),
        ({"email": ""}, {"email": ["Please enter the address for the invitation."]}),
        (
            {"email": "erika@"},
            {"email": ["Please check the address: it should look like name@example.org."]},
        ),
        ({"date": ""}, {"date": ["Please choose the day."]}),
        ({"date": "soon"}, {"date": ["Please enter the day like 24.12.2026."]}),
        ({"date": "2027-02-30"}, {"date": ["Please enter the day like 24.12.2026."]}),
        ({"time": ""}, {"time": ["Please choose the time."]}),
        ({"time": "25:00"}, {"time": ["Please enter the time like 14:30."]}),
        (
            {"duration_minutes": ""},
            {"duration_minutes": ["Please enter how many minutes you expect."]},
        ),
        ({"duration_minutes": "4"}, {"duration_minutes": ["Please enter at least 5 minutes."]}),
        (
            {"duration_minutes": "481"},
            {"duration_minutes": ["Please enter at most 480 minutes (8 hours)."]},
        ),
        (
            {"message_consent": None},
            {"message_consent": ["Without this agreement we must not write to the patient."]},
        ),
        ({"time": "08:59"}, {"time": ["This time has passed. Please choose a later one."]}),
        ({"date": "2027-01-14"}, {"date": ["This time has passed. Please choose a later one."]}),
        ({"date": "0001-01-01"}, {"date": ["This time has passed. Please choose a later one."]}),
        ({"date": "2029-01-18"}, {"date": ["Please choose a day within the next two years."]}),
        ({"date": "9999-12-31"}, {"date": ["Please choose a day within the next two years."]}),
        (
            {"date": "2027-03-28", "time": "02:30"},
            {"time": ["The clocks are put forward that night: this time does not exist."]},
        ),
        (
            {"date": "2027-10-31", "time": "02:30"},
            {"time": ["The clocks are put back that night: this time happens twice."]},
        ),
    ],
)
def test_error_says_what_to_do_beside_its_field(
    changes: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    assert errors(**changes) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 81),
        ("last_name", "Nul\x00l"),
        ("email", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'y' * 60}.{'z' * 20}.example.org"),
        ("duration_minutes", "20.5"),
        ("duration_minutes", "9" * 30),
        ("language", "fr"),
        ("date", "2027-01-15T10:00"),
    ],
)
def test_what_no_column_can_hold_is_an_error(field: str, value: str) -> None:
    assert list(errors(**{field: value})) == [field]


@pytest.mark.parametrize(
    ("changes", "moment"),
    [
        ({"time": "09:15"}, datetime(2027, 1, 15, 8, 15, tzinfo=UTC)),
        ({"date": "15.01.2027"}, datetime(2027, 1, 15, 13, 30, tzinfo=UTC)),
        ({"date": "2027-03-28", "time": "01:59"}, datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ({"date": "2027-03-28", "time": "03:00"}, datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ({"date": "2027-10-31", "time": "03:00"}, datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        ({"by_email": None, "by_link": "on", "email": ""}, None),
        ({"by_link": "on"}, None),
    ],
)
def test_odd_but_good_values_are_taken(changes: dict[str, Any], moment: datetime | None) -> None:
    with translation.override("de"):
        filled = form(**changes)

        assert filled.is_valid(), filled.errors
    if moment:
        assert filled.cleaned_data["starts_at"] == moment


def test_errors_are_german_for_germans() -> None:
    with translation.override("de"):
        texts = form(first_name="", date="2027-03-28", time="02:30").errors

        shown = {name: str(errors[0]) for name, errors in texts.items()}

    assert set(shown) == {"first_name", "time"}
    assert shown["first_name"] == "Bitte geben Sie den Vornamen ein."
    assert "Zeit" in shown["time"] or "Uhr" in shown["time"]


def test_sms_alone_is_a_way_and_its_number_is_put_in_one_form() -> None:
    filled = form(by_email=None, email="", by_sms="on", mobile="0171 39200 12")

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["mobile"] == "+491713920012"


def test_number_is_meant_in_the_practices_country() -> None:
    values = {**GOOD, "by_sms": "on", "mobile": "0664 1234567"}

    filled = AppointmentForm(values, zone=BERLIN, region="AT")

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["mobile"] == "+436641234567"


@pytest.mark.parametrize("number", ["0171 3920012", "nonsense", "0" * 40])
def test_number_is_dropped_where_no_sms_is_wanted(number: str) -> None:
    filled = form(mobile=number)

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["mobile"] == ""


@pytest.mark.parametrize("offer", ["tariff", "absent"])
def test_sms_outside_the_tariff_cannot_be_smuggled_in(offer: SmsOffer) -> None:
    smuggled = {"by_sms": "on", "mobile": "0171 3920012"}

    filled = AppointmentForm({**GOOD, **smuggled}, zone=BERLIN, sms=offer)
    alone = AppointmentForm({**GOOD, **smuggled, "by_email": ""}, zone=BERLIN, sms=offer)

    assert filled.is_valid(), filled.errors
    assert (filled.cleaned_data["by_sms"], filled.cleaned_data["mobile"]) == (False, "")
    assert list(alone.errors) == ["by_email"]
    assert "SMS" not in str(alone.errors["by_email"])
