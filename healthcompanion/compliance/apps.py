from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "healthcompanion.compliance"
