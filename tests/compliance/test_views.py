"""The public texts, in both languages and without a sign-in."""

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", ["/imprint/", "/privacy/", "/terms/"])
def test_everybody_reads_the_texts(client: Client, path: str, language: str) -> None:
    client.cookies["hc_language"] = language

    page = client.get(path)

    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert client.post(path).status_code == 405


def test_texts_bear_the_version_that_people_accept(client: Client, settings: Settings) -> None:
    settings.HC_TERMS_VERSION, settings.HC_PRIVACY_VERSION = "2031-01", "2031-02"

    assert "2031-01" in client.get("/terms/").content.decode()
    assert "2031-02" in client.get("/privacy/").content.decode()


def test_imprint_names_the_operator(client: Client, settings: Settings) -> None:
    settings.HC_OPERATOR = {
        "name": "Klinik & Söhne <b>",
        "street": "Weg 7",
        "city": "12345 Ort",
        "email": "post@klinik.example",
        "phone": "0123",
    }

    page = client.get("/imprint/").content.decode()

    for text in ("Klinik &amp; Söhne &lt;b&gt;", "Weg 7", "12345 Ort", "post@klinik.example"):
        assert text in page
