"""Collects the static files for the bin: each file that another one names must exist."""

import os
import tempfile

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcompanion.settings")
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    }
    django.setup()
    with tempfile.TemporaryDirectory(prefix="hc-static-") as folder:
        settings.STATIC_ROOT = folder
        call_command("collectstatic", interactive=False, verbosity=1)


if __name__ == "__main__":
    main()
