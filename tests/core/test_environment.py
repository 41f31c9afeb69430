"""Settings from the environment: wrong text stops the start, with a sentence that names it."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from healthcompanion.core import environment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1", True), ("TRUE", True), ("on", True), ("Yes", True)),
        *(("0", False), ("false", False), ("OFF", False), ("no", False), ("", False)),
    ],
)
def test_boolean(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("HC_SWITCH", text)

    assert environment.boolean("HC_SWITCH", default=not value) is value


@pytest.mark.parametrize("text", ["2", "ja", " ", "tru"])
def test_boolean_of_unknown_text(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HC_SWITCH", text)

    with pytest.raises(ImproperlyConfigured, match="HC_SWITCH must be one of"):
        environment.boolean("HC_SWITCH", default=False)


def test_defaults_hold_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HC_NONE", raising=False)

    assert environment.boolean("HC_NONE", default=True) is True
    assert environment.integer("HC_NONE", 7) == 7
    assert environment.text("HC_NONE", "x") == "x"
    assert environment.words("HC_NONE", ["a"]) == ["a"]
    assert environment.secret("HC_NONE") == ""


@pytest.mark.parametrize(("text", "value"), [("45", 45), ("-1", -1), (" 7 ", 7)])
def test_integer(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv("HC_NUMBER", text)

    assert environment.integer("HC_NUMBER", 0) == value


@pytest.mark.parametrize("text", ["", "45s", "4.5"])
def test_integer_of_other_text(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HC_NUMBER", text)

    with pytest.raises(ImproperlyConfigured, match="HC_NUMBER must be a whole number"):
        environment.integer("HC_NUMBER", 0)


def test_words_are_separated_by_commas_or_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HC_WORDS", "a.example, b.example  c.example,")

    assert environment.words("HC_WORDS", []) == ["a.example", "b.example", "c.example"]


def test_secret_comes_from_a_file_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HC_SECRET", "from the environment")
    plain = environment.secret("HC_SECRET")
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("HC_SECRET_FILE", str(tmp_path / "secret"))

    assert (plain, environment.secret("HC_SECRET")) == ("from the environment", "from the file")


def test_secret_file_that_is_missing_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HC_SECRET_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ImproperlyConfigured, match="HC_SECRET_FILE cannot be read"):
        environment.secret("HC_SECRET")


def test_mail_server_from_an_address() -> None:
    assert environment.email_settings("smtp://me%40x:p%2Fw@mail.example.org:587?starttls=1") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "me@x",
        "EMAIL_HOST_PASSWORD": "p/w",
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 10,
    }


@pytest.mark.parametrize(
    ("url", "port", "ssl"), [("smtp://mail", 25, False), ("smtps://mail", 465, True)]
)
def test_mail_server_has_its_usual_port(url: str, port: int, ssl: bool) -> None:
    found = environment.email_settings(url)

    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (
        port,
        ssl,
        False,
    )


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:25",
        "http://mail",
        "smtp://",
        "smtp://mail:port",
        "smtp://mail:99999",
        "smtp://mail?starttls=maybe",
        "smtps://mail?starttls=1",
    ],
)
def test_wrong_mail_address_stops_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HC_EMAIL_URL"):
        environment.email_settings(url)
