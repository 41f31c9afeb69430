"""The area "Administrator": who comes in, and what its pages change."""

from typing import Any

import pytest
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.dashboard.administration_forms import SHOWN_AT_MOST, AssignmentForm
from healthcompanion.organisations.models import LicencePeriod, Membership, Organisation
from tests.factories import CallFactory, GuestFactory, MembershipFactory
from tests.infrastructure.clients import signed_in

LIST = "/administration/members/"
PERSON = {
    "title": "Dr.",
    "first_name": "Carla",
    "last_name": "Kolbe",
    "street": "Am Markt 1",
    "postal_code": "94469",
    "city": "Deggendorf",
    "country": "DE",
    "phone": "",
}


def assignment_of(answer: Any) -> AssignmentForm:
    form: AssignmentForm = answer.context["assignment"]
    return form


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def page_of(user: User, part: str = "") -> str:
    return f"{LIST}{user.membership.code}/{part}"


def test_the_list_shows_the_own_members_with_their_states(
    chief: Client, colleague: User, pending: User, stranger: User
) -> None:
    text = chief.get(LIST).content.decode()

    assert "Carl Kolb" in text
    assert "wartet auf Freischaltung" in text
    assert "Stefan Fremd" not in text
    waiting = chief.get(LIST, {"state": "waiting"}).content.decode()
    assert ("Wanda Wartet" in waiting, "Carl Kolb" in waiting) == (True, False)


def test_search_finds_by_name_and_mail(chief: Client, colleague: User, pending: User) -> None:
    for words in ("KOLB carl", "carl.kolb@"):
        text = chief.get(LIST, {"search": words}).content.decode()
        assert ("Carl Kolb" in text, "Wanda Wartet" in text) == (True, False)


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_as_much_for_many_as_for_one(
    chief: Client, organisation: Organisation, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        MembershipFactory(organisation=organisation)
    chief.get(LIST)

    with django_assert_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture
        chief.get(LIST)


def test_nobody_else_comes_in(
    professional: User, assistant: User, stranger: User, pending: User
) -> None:
    Membership.objects.filter(user=pending).update(is_administrator=True)
    for person in (professional, assistant, stranger, pending):
        client = signed_in(person)
        assert client.get(LIST).status_code == 404
        assert client.post(page_of(professional, "licence/"), {"licence": "off"}).status_code == 404
        assert "nav-administration" not in client.get("/").content.decode()
    assert Membership.objects.get(user=professional).is_licensed


def test_members_of_other_organisations_do_not_exist(chief: Client, stranger: User) -> None:
    for part in ("", "role/", "assignment/", "licence/"):
        assert chief.post(page_of(stranger, part), {"licence": "off"}).status_code == 404
    assert Membership.objects.get(user=stranger).is_licensed


def test_a_licence_is_given_and_taken_after_a_question(chief: Client, pending: User) -> None:
    asked = chief.get(page_of(pending, "licence/")).content.decode()
    assert "Lizenz von Wanda Wartet aktivieren?" in asked
    assert not Membership.objects.get(user=pending).is_licensed

    chief.post(page_of(pending, "licence/"), {"licence": "on"})
    again = chief.post(page_of(pending, "licence/"), {"licence": "on"}, follow=True)
    assert "Jemand war schneller: Wanda Wartet hat jetzt eine Lizenz." in again.content.decode()
    assert LicencePeriod.objects.filter(membership__user=pending).count() == 1

    chief.post(page_of(pending, "licence/"), {"licence": "off"})
    assert not Membership.objects.get(user=pending).is_licensed
    assert AuditEntry.objects.filter(action__startswith="licence.").count() == 2


def test_the_last_administrator_reads_why_not(chief: Client, administrator: User) -> None:
    values = {"role": "professional"}
    answers = [
        chief.post(page_of(administrator, "role/"), values, follow=True),
        chief.post(page_of(administrator, "licence/"), {"licence": "off"}, follow=True),
    ]

    for answer in answers:
        assert "Die Organisation braucht einen Administrator." in answer.content.decode()
    row = Membership.objects.get(user=administrator)
    assert (row.is_administrator, row.is_licensed) == (True, True)


def test_personal_data_change_but_never_the_mail(chief: Client, colleague: User) -> None:
    chief.post(page_of(colleague), {**PERSON, "email": "neu@example.org"})

    colleague.refresh_from_db()
    assert (colleague.full_name, colleague.city) == ("Dr. Carla Kolbe", "Deggendorf")
    assert colleague.email == "carl.kolb@praxis.example"
    entry = AuditEntry.objects.get(action="member.changed")
    assert "Kolbe" not in str(entry.data)


def test_what_was_typed_stays_where_something_is_wrong(chief: Client, colleague: User) -> None:
    answer = chief.post(page_of(colleague), {**PERSON, "first_name": "", "city": "Passau"})

    assert answer.status_code == 422
    assert "Bitte geben Sie Ihren Vornamen ein." not in answer.content.decode()
    assert "Passau" in answer.content.decode()
    colleague.refresh_from_db()
    assert colleague.first_name == "Carl"


def test_nobody_changes_the_role_in_a_conversation(chief: Client, colleague: User) -> None:
    CallFactory(guest=GuestFactory(host=colleague), state=Call.State.ACTIVE)
    chief.post(page_of(colleague, "role/"), {"role": "assistant"})

    assert Membership.objects.get(user=colleague).role == Membership.Role.PROFESSIONAL


def test_an_assistant_is_assigned_to_own_professionals_alone(
    chief: Client, assistant: User, professional: User, stranger: User, pending: User
) -> None:
    path = page_of(assistant, "assignment/")
    served = assistant.membership.professionals_served
    for person in (stranger, pending, assistant):
        chief.post(path, {"professionals": [person.membership.code]})
    assert not served.exists()

    chief.post(path, {"professionals": [professional.membership.code]})
    assert list(served.values_list("professional__user", flat=True)) == [professional.pk]


def test_in_a_large_house_one_looks_for_professionals(
    chief: Client, assistant: User, professional: User, organisation: Organisation
) -> None:
    chief.post(page_of(assistant, "assignment/"), {"professionals": [professional.membership.code]})
    for number in range(SHOWN_AT_MOST + 5):
        MembershipFactory(organisation=organisation, user__last_name=f"Müller{number}")
    other = MembershipFactory(organisation=organisation, user__last_name="Özdemir")
    page = page_of(assistant)

    form = assignment_of(chief.get(page))
    assert (form.served, form.others) == ([professional.membership], [])
    found = assignment_of(
        chief.get(page, {"search": "ozdemir", "professionals": [professional.membership.code]})
    )
    assert (found.served, found.others, found.is_cut) == ([professional.membership], [other], False)
    ticked = assignment_of(chief.get(page, {"search": "muller", "professionals": [other.code]}))
    assert (ticked.served, len(ticked.others), ticked.is_cut) == ([other], SHOWN_AT_MOST, True)
    nobody = chief.get(page, {"search": "xyz"})
    assert "Sonst wurde niemand gefunden." in nobody.content.decode()


def test_in_a_small_house_all_stand_there(
    chief: Client, assistant: User, professional: User, colleague: User, stranger: User
) -> None:
    answer = chief.get(page_of(assistant))

    names = {row.user.last_name for row in assignment_of(answer).others}
    assert {"Berger", "Kolb"} <= names
    assert "Fremd" not in names
    assert "Fachkräfte nach Namen suchen" not in answer.content.decode()
