from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "healthcompanion.statistics"

    def ready(self) -> None:
        from healthcompanion.statistics import counting  # noqa: PLC0415

        counting.connect()
