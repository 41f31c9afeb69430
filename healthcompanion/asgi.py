"""What an ASGI server runs: `uvicorn healthcompanion.asgi:application`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcompanion.settings")
django.setup()

from healthcompanion.realtime.application import build_application  # noqa: E402 -- after setup

application = build_application()
