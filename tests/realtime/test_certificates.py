"""The demo's own authority: what it vouches for, what it refuses, when it is made anew."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from healthcompanion.realtime import certificates
from healthcompanion.realtime.certificates import Files, server_files

HOME = "192.168.178.20"


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def greet(folder: Path, files: Files, name: str) -> None:
    """A TLS handshake with a client that trusts the authority alone. Raises what it objects to."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    client = ssl.create_default_context(cafile=folder / "authority.pem")
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(down, up, server_hostname=name),
        server.wrap_bio(up, down, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue


@pytest.mark.parametrize("name", [HOME, "10.1.2.3", "127.0.0.1", "localhost", "praxis.local"])
def test_who_trusts_the_authority_trusts_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Praxis.example.org")

    files = server_files(tmp_path, [HOME, "10.1.2.3"])

    greet(tmp_path, files, name)


@pytest.mark.parametrize("name", ["192.168.178.21", "video.example.org"])
def test_other_names_are_refused(tmp_path: Path, name: str) -> None:
    files = server_files(tmp_path, [HOME])

    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        greet(tmp_path, files, name)


@pytest.mark.parametrize(
    "name",
    [
        x509.DNSName("bank.example.org"),
        x509.IPAddress(ip_address("203.0.113.9")),
    ],
)
def test_stolen_authority_cannot_vouch_for_the_world(
    tmp_path: Path, name: x509.GeneralName
) -> None:
    server_files(tmp_path, [HOME])
    stolen = serialization.load_pem_private_key(
        (tmp_path / "authority-key.pem").read_bytes(), password=None
    )
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    forged = forge(read(tmp_path / "authority.pem"), stolen, name, tmp_path)

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        greet(tmp_path, forged, str(name.value))


def forge(
    authority: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    name: x509.GeneralName,
    folder: Path,
) -> Files:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "forged")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "forged.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Files(path, folder / "authority-key.pem")


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "lan"

    server_files(folder, [HOME])

    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(
        ("authority.pem", "authority-key.pem", "server.pem", "server-key.pem"), 0o600
    )


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    server_files(tmp_path, [HOME])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    server_files(tmp_path, [HOME])

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_new_address_needs_no_new_trust(tmp_path: Path) -> None:
    server_files(tmp_path, [HOME])
    authority = (tmp_path / "authority.pem").read_bytes()

    files = server_files(tmp_path, ["10.0.0.7"])

    assert (tmp_path / "authority.pem").read_bytes() == authority
    greet(tmp_path, files, "10.0.0.7")
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(tmp_path, files, HOME)


def test_server_certificate_is_renewed_before_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(certificates, "SERVER_DAYS", 29)
        old = read(server_files(tmp_path, [HOME]).certificate)
    authority = (tmp_path / "authority.pem").read_bytes()

    new = read(server_files(tmp_path, [HOME]).certificate)

    assert new.serial_number != old.serial_number
    assert new.not_valid_after_utc - datetime.now(UTC) > timedelta(days=89)
    assert (tmp_path / "authority.pem").read_bytes() == authority


def test_authority_never_ends_before_the_server_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(certificates, "AUTHORITY_DAYS", 89)
        server_files(tmp_path, [HOME])
    old = read(tmp_path / "authority.pem")

    files = server_files(tmp_path, [HOME])

    assert read(tmp_path / "authority.pem").serial_number != old.serial_number
    greet(tmp_path, files, HOME)


def test_public_address_gets_an_authority_that_may_vouch_for_it(tmp_path: Path) -> None:
    server_files(tmp_path, [HOME])

    files = server_files(tmp_path, ["198.51.100.4"])

    greet(tmp_path, files, "198.51.100.4")


@pytest.mark.parametrize("lost", ["server-key.pem", "server.pem", "authority-key.pem"])
def test_lost_file_is_made_again(tmp_path: Path, lost: str) -> None:
    server_files(tmp_path, [HOME])
    (tmp_path / lost).unlink()

    greet(tmp_path, server_files(tmp_path, [HOME]), HOME)


def test_certificate_is_one_that_phones_accept(tmp_path: Path) -> None:
    """Apple, HT210176: named by SAN, for servers, no more than 825 days."""
    certificate = read(server_files(tmp_path, [HOME]).certificate)

    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert next(map(str, names.get_values_for_type(x509.IPAddress))) == HOME
    assert lifetime <= timedelta(days=825)


def test_odd_host_name_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Annas Büro_PC")

    files = server_files(tmp_path, [HOME])

    names = read(files.certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
    greet(tmp_path, files, HOME)
