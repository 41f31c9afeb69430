"""The operator's area: whom it lets in, what it shows, what it decides, what it never tells."""

import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.staff import appoint
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.support.actions import send_request
from healthcompanion.support.models import SupportRequest
from tests.accounts.second_factors import code, with_app
from tests.factories import CallFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import proved, signed_in

pytestmark = pytest.mark.django_db
HOME = "/backoffice/"


@pytest.fixture
def client(staff: User) -> Client:
    return proved(staff)


@pytest.fixture
def row(professional: User) -> SupportRequest:
    return send_request(
        professional, subject="Kein Bild", description="Seit <b>heute</b>.", report="Browser: x"
    )


def words(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_staff_without_a_second_factor_set_one_up_first(staff: User) -> None:
    Authenticator.objects.filter(user=staff).delete()

    answer = proved(staff).get(HOME)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/security/second-factor/")


def test_a_sign_in_of_this_morning_does_not_open_it(staff: User) -> None:
    old = proved(staff, ago=3601)
    answer = old.get(HOME)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")

    answer = old.post("/accounts/reauthenticate/?next=/backoffice/", {"password": PASSWORD})
    assert answer["Location"] == HOME
    assert old.get(HOME).status_code == 200
    assert signed_in(staff).get(HOME).status_code == 302


def test_what_was_chosen_survives_the_question_who_one_is(staff: User, professional: User) -> None:
    old = proved(staff, ago=3601)
    url = f"/backoffice/people/{professional.code}/block/"

    asked = old.post(url, {"reason": "misuse"})
    professional.refresh_from_db()
    assert professional.is_active
    old.post(asked["Location"], {"password": PASSWORD})
    professional.refresh_from_db()
    assert not professional.is_active


def test_staff_find_the_back_office_and_no_patients(client: Client) -> None:
    answer = client.get("/", follow=True)

    assert answer.redirect_chain == [(HOME, 302)]
    page = answer.content.decode()
    assert "Betreiberbereich" in page
    assert 'href="/patients/"' not in page


def test_a_request_is_read_and_closed(client: Client, row: SupportRequest, staff: User) -> None:
    assert "1 offen" in words(client, HOME)
    assert "Kein Bild" in words(client, "/backoffice/requests/")
    page = words(client, f"/backoffice/requests/{row.code}/")
    assert "Seit &lt;b&gt;heute&lt;/b&gt;." in page
    assert f"mailto:{row.user.email}?subject={row.number}" in page

    answer = client.post(f"/backoffice/requests/{row.code}/closing/", follow=True)
    assert "Die Anfrage ist abgeschlossen." in answer.content.decode()
    row.refresh_from_db()
    assert row.state == SupportRequest.State.CLOSED
    entry = AuditEntry.objects.get(action="support.closed")
    assert entry.actor == f"user:{staff.pk}"
    assert client.post(f"/backoffice/requests/{row.code}/closing/").status_code == 404
    assert "Kein Bild" not in words(client, "/backoffice/requests/")
    assert "Kein Bild" in words(client, "/backoffice/requests/?state=closed")
    assert "alles erledigt" in words(client, HOME)


def test_what_was_looked_at_is_written_down(client: Client, staff: User, colleague: User) -> None:
    for _time in range(2):
        page = words(client, f"/backoffice/people/{colleague.code}/")

    assert "Angesehen · Berta Betrieb" in page
    seen = AuditEntry.objects.filter(action="backoffice.seen", subject=f"user:{colleague.pk}")
    assert seen.count() == 2


def test_a_person_is_blocked_and_let_in_again(client: Client, professional: User) -> None:
    theirs, url = signed_in(professional), f"/backoffice/people/{professional.code}/"

    refused = client.post(f"{url}block/", {"reason": ""})
    assert refused.status_code == 422
    assert "Bitte wählen Sie einen Grund." in refused.content.decode()
    client.post(f"{url}block/", {"reason": "misuse"})
    assert theirs.get("/").status_code == 200
    assert theirs.get("/settings/general/").status_code == 302
    page = words(client, url)
    assert "Gesperrt: Missbrauch des Dienstes · Berta Betrieb" in page
    assert "Anna Berger" in words(client, "/backoffice/people/?state=blocked")

    client.post(f"{url}unblock/")
    professional.refresh_from_db()
    assert professional.is_active


def test_nobody_is_blocked_in_a_consultation(
    client: Client, professional: User, guest: Guest
) -> None:
    CallFactory(guest=guest, state=Call.State.ACTIVE)

    url = f"/backoffice/people/{professional.code}/block/"
    answer = client.post(url, {"reason": "security"})
    assert answer.status_code == 422
    assert "Die Person ist in einer Sprechstunde." in answer.content.decode()
    professional.refresh_from_db()
    assert professional.is_active


def test_a_second_factor_is_reset(client: Client, professional: User) -> None:
    url = f"/backoffice/people/{professional.code}/second-factor-reset/"
    assert client.get(url).status_code == 404
    with_app(professional)
    theirs = signed_in(professional)

    client.post(url)
    assert not Authenticator.objects.filter(user=professional).exists()
    assert theirs.get("/settings/general/").status_code == 302


def test_staff_decide_nothing_about_staff(client: Client, staff: User) -> None:
    url = f"/backoffice/people/{staff.code}/"

    assert "Person sperren" not in words(client, url)
    assert client.post(f"{url}block/", {"reason": "misuse"}).status_code == 404
    assert client.post(f"{url}second-factor-reset/").status_code == 404


def test_an_organisation_is_suspended_and_resumed(client: Client, administrator: User) -> None:
    organisation = administrator.membership.organisation
    url = f"/backoffice/organisations/{organisation.code}/"
    assert "Adam Admin" in words(client, url)

    assert client.post(f"{url}suspension/", {"reason": ""}).status_code == 422
    client.post(f"{url}suspension/", {"reason": "payment"})
    organisation.refresh_from_db()
    assert organisation.suspended_at
    assert "Gesperrt: Rechnungen wurden nicht bezahlt" in words(client, url)
    assert "Praxis am Markt" in words(client, "/backoffice/organisations/?kind=suspended")
    assert client.post(f"{url}suspension/", {"reason": "payment"}).status_code == 404

    client.post(f"{url}resumption/")
    organisation.refresh_from_db()
    assert organisation.suspended_at is None


@pytest.mark.parametrize("page", ["people/", "organisations/", "requests/"])
def test_nothing_tells_of_patients(client: Client, guest: Guest, page: str) -> None:
    """DEC-36: who owes what, never who spoke to whom."""
    Guest.objects.filter(pk=guest.pk).update(first_name="Wanda", last_name="Wolkenschieber")
    host = guest.host
    assert host is not None

    pages = [f"/backoffice/{page}", f"/backoffice/{page}?q=Wolkenschieber"]
    pages += [f"/backoffice/people/{host.code}/"]
    pages += [f"/backoffice/organisations/{host.membership.organisation.code}/"]
    for url in pages:
        assert "Wolkenschieber" not in words(client, url).replace("q=Wolkenschieber", "").replace(
            'value="Wolkenschieber"', ""
        )


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=argon2",
        "email__contains=anna",
        "membership__organisation__name=x",
        "appointments__patient__last_name__startswith=P",
    ],
)
def test_addresses_cannot_be_used_to_guess(client: Client, query: str) -> None:
    assert client.get(f"/backoffice/people/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["p=99999", "p=x", "q=%00", "o=7", "state=nothing", "all="])
def test_odd_addresses_are_no_fault(client: Client, professional: User, query: str) -> None:
    assert client.get(f"/backoffice/people/?{query}", follow=True).status_code == 200


def test_people_are_found_by_name_address_and_practice(client: Client) -> None:
    user = UserFactory(first_name="Özlem", last_name="Öztürk", email="oz@klinik.example")
    MembershipFactory(user=user, organisation=OrganisationFactory(name="Klinik Ärmelkanal"))

    for typed in ("özlem", "ÖZTÜRK", "oz@klinik", "ärmelkanal", "öz ärmel"):
        assert "Özlem Öztürk" in words(client, f"/backoffice/people/?q={typed}"), typed
    assert "Nichts gefunden" in words(client, "/backoffice/people/?q=niemand")


def test_the_lists_have_pages(client: Client) -> None:
    for number in range(55):
        UserFactory(last_name=f"Zahl{number:02}")

    first, second = (words(client, f"/backoffice/people/?p={page}") for page in (1, 2))
    assert "Seite 1 von 2" in first
    assert "Zahl54" not in first
    assert "Zahl54" in second


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("page", ["people", "organisations", "requests"])
def test_lists_ask_few_questions(
    client: Client, django_assert_max_num_queries: Any, page: str, count: int
) -> None:
    for _number in range(count):
        user = UserFactory()
        MembershipFactory(user=user, organisation=OrganisationFactory())
        send_request(user, subject="Frage", description="?")

    with django_assert_max_num_queries(8):
        client.get(f"/backoffice/{page}/")


def test_filters_keep_what_was_typed(client: Client, professional: User) -> None:
    page = words(client, "/backoffice/people/?q=anna")

    assert '<a class="filters__item" href="?q=anna&amp;state=blocked">Gesperrt</a>' in page
    assert '<a class="filters__item" href="?q=anna" aria-current="true">Alle</a>' in page
    page = words(client, "/backoffice/people/?q=anna&state=blocked")
    assert '<input type="hidden" name="state" value="blocked">' in page


def test_djangos_own_pages_are_not_there(client: Client, professional: User) -> None:
    for path in ("add/", f"{professional.pk}/change/", f"{professional.code}/delete/", "login/"):
        assert client.get(f"/backoffice/people/{path}").status_code == 404
    assert client.get("/backoffice/jsi18n/").status_code == 404
    assert client.post("/backoffice/people/", {"action": "delete_selected"}).status_code == 405
    assert not LogEntry.objects.exists()


def test_staff_are_appointed_and_dismissed(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: str, typed: str = "") -> str:
        out = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        call_command("staff", *words, stdout=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="mindestens 8 Zeichen"):
        run("--appoint", "Nora@Operator.example", "Nora", "Neu", typed="kurz\n")
    run("--appoint", "Nora@Operator.example", "Nora", "Neu", typed="Blaue-Wolken-7\n")
    user = User.objects.get(email="nora@operator.example")
    assert user.is_staff
    assert "nora@operator.example  Nora Neu" in run()
    client = Client()
    form = {"login": user.email, "password": "Blaue-Wolken-7"}
    assert client.post("/accounts/login/", form, follow=True).redirect_chain[-1][0] == (
        "/settings/security/second-factor/"
    )
    with pytest.raises(CommandError, match="one of their own"):
        run("--appoint", "nora@operator.example", "Nora", "Neu", typed="Blaue-Wolken-7\n")

    run("--dismiss", "nora@operator.example")
    user.refresh_from_db()
    assert (user.is_active, user.is_staff) == (False, False)
    assert client.get("/settings/general/").status_code == 302
    with pytest.raises(CommandError, match="Nobody"):
        run("--dismiss", "nora@operator.example")


def test_staff_sign_in_with_both_factors() -> None:
    user = with_app(
        appoint("n@operator.example", first_name="N", last_name="N", password="Blaue-Wolken-7")
    )
    client = Client()

    client.post("/accounts/login/", {"login": user.email, "password": "Blaue-Wolken-7"})
    assert client.get(HOME).status_code == 302
    client.post("/accounts/second-factor/", {"code": code()})
    assert client.get(HOME).status_code == 200
