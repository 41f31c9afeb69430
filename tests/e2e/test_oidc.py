"""Sign-in through a real OpenID Connect provider in a real browser, under our own CSP."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.oidc import provider
from tests.infrastructure.server import running_server


def test_doctor_comes_in_with_the_clinics_account(
    all_mail: Mailbox, person: Callable[..., Person]
) -> None:
    email = "anna.see@klinik.example"
    with (
        provider({"sub": "anna-1", "email": email, "email_verified": True}) as clinic,
        running_server(
            HC_EMAIL_URL=all_mail.url,
            HC_OIDC_ISSUER=clinic.url,
            HC_OIDC_CLIENT_ID="healthcompanion",
            HC_OIDC_CLIENT_SECRET="a secret between the two",
            HC_OIDC_NAME="Klinik am See",
        ) as server,
    ):
        account = people.professional(server)
        server.run(f"""
from allauth.account.models import EmailAddress
from healthcompanion.accounts.models import User
User.objects.filter(email={account.email!r}).update(email={email!r})
EmailAddress.objects.filter(email={account.email!r}).update(email={email!r})
""")
        anna = person("Anna", server)
        anna.expects(re.escape(f"request to another host, {clinic.url}"))
        anna.expects("(cdn|unpkg|fonts).*|pico|favicon|ERR_|status of 404")  # the provider's page

        page = anna.goto("/accounts/login/")
        page.get_by_role("button", name="Mit Klinik am See anmelden").click()
        expect(page).to_have_url(re.compile(re.escape(clinic.url)))
        page.get_by_role("button", name="anna-1").click()

        expect(page).to_have_url(f"{server.url}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Anna")
        anna.page.goto("about:blank")  # before the service ends
        assert server.trouble() == ""
