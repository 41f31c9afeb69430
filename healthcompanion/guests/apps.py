from django.apps import AppConfig


class GuestsConfig(AppConfig):
    name = "healthcompanion.guests"
