"""`manage.py demo`: everything between a fresh checkout and a demo that one can sign in to."""

import os
import sys
from typing import Any

import qrcode
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.accounts.models import User
from healthcompanion.backoffice import demo_staff
from healthcompanion.dashboard import demo, demo_organisation
from healthcompanion.realtime import certificates, lan
from healthcompanion.realtime.server import serve, serve_network
from healthcompanion.realtime.single import AlreadyServed


class Command(BaseCommand):
    help = "Migrates, collects static files, seeds the demo's cast and serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="0.0.0.0 lets phones come, by https"
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HC_DEMO:
            raise CommandError("HC_DEMO is off: the demo's cast has no place in this installation.")
        host, port = options["host"], options["port"]
        try:
            network = self._network(host, port)
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            demo_staff.seed()
            self._greet(demo.seed(), demo_organisation.seed())
            if network is None:
                self.stdout.flush()
                serve(host, port)
            else:
                self._serve_network(network)
        except (AlreadyServed, lan.NoNetwork) as error:
            raise CommandError(error) from error
        except OSError as error:
            raise CommandError(f"{host}, port {port}: {error}") from error

    def _network(self, host: str, port: int) -> lan.Network | None:
        """The network to serve by https; None for this computer alone, or behind a proxy.

        Settings follow HC_BASE_URL. Where nobody set it we begin again with the one that fits.
        """
        said = "HC_BASE_URL" in os.environ
        try:
            network = lan.network_of(host, port)
        except lan.NoNetwork:
            if said:  # a proxy's matter
                return None
            raise
        if not said and network.base_url != settings.HC_BASE_URL:
            own = {"HC_BASE_URL": network.base_url, "HC_DEMO": "1"}
            os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | own)  # noqa: S606 -- ourselves
        return network if settings.HC_BASE_URL in network.urls else None

    def _greet(self, doctor: User, administrator: User) -> None:
        lines = [
            ("HealthCompanion", settings.HC_BASE_URL),
            ("Sign in", doctor.email),
            ("Password", demo.PASSWORD),
            ("An organisation", f"{administrator.email} (administrator, same password)"),
            ("", f"{demo_organisation.DOCTOR} (professional)"),
            ("", f"{demo_organisation.ASSISTANT} (assistant)"),
            ("The back office", f"{demo_staff.EMAIL} (sets up a second factor first)"),
            ("A patient's link", demo.patient_link(doctor)),
        ]
        if settings.HC_OUTBOX:
            lines.append(("Mails", f"{settings.HC_BASE_URL}/outbox/"))
        self._print(lines)
        self.stdout.write("  Open the patient's link in a second browser or a private window.\n")

    def _serve_network(self, network: lan.Network) -> None:
        folder = lan.folder(settings.HC_DATA_DIR)
        files = certificates.server_files(folder, network.addresses)
        port = lan.page_port(network)
        page = settings.HC_BASE_URL.replace("https", "http").rsplit(":", 1)[0] + f":{port}"
        authority = certificates.authority_of(folder)
        assert authority is not None  # noqa: S101 -- made one line above
        self._print(
            [
                ("On this computer", f"http://localhost:{network.port}"),
                ("On a phone", f"{page}  (in the same network; shows the way)"),
                ("Certificate", certificates.fingerprint(authority)),
            ]
        )
        if self.stdout.isatty():
            sign = qrcode.QRCode(border=2)
            sign.add_data(page)
            sign.print_ascii(sys.stdout, invert=True)
        self.stdout.flush()
        serve_network(network, port, settings.HC_BASE_URL, files)

    def _print(self, lines: list[tuple[str, str]]) -> None:
        self.stdout.write("\n" + "\n".join(f"  {name:<17} {value}" for name, value in lines) + "\n")
