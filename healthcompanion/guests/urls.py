from django.urls import path, register_converter

from healthcompanion.guests import views


class TokenConverter:
    """`<code>-<mac>` in any case; other shapes are guesses and greeted as such."""

    regex = "[A-Za-z0-9]{1,40}-[A-Za-z0-9-]{0,80}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")

app_name = "guests"
urlpatterns = [
    path("g/<token:token>", views.link, name="link"),
    path("g/<token:token>/", views.link),  # some mail programs add a slash
]
