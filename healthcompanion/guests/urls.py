from django.urls import path, register_converter

from healthcompanion.guests import views


class TokenConverter:
    """`<code>-<mac>`, or whatever a mail program made of it; told apart in `guest_for_link`."""

    regex = "[^/]{1,200}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LongTokenConverter(TokenConverter):
    """Longer than a guest's code, whose own page ends in a slash as well."""

    regex = "[^/]{13,200}"


register_converter(TokenConverter, "token")
register_converter(LongTokenConverter, "long-token")

app_name = "guests"
urlpatterns = [
    path("check/", views.open_check, name="open-check"),
    path("g/<long-token:token>/check/", views.check, name="check"),
    path("g/<token:token>", views.link, name="link"),
    path("g/<long-token:token>/", views.link),  # some mail programs add a slash
]
