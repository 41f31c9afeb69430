"""A certificate authority of this computer's own, for the demo in a home or office network.

Made once in the data folder; a phone that trusts it can open the demo over https, without which
no browser gives a page its camera. It can vouch for private networks and local names alone
(name constraints, RFC 5280, 4.2.1.10), so that it is worth little to a thief.
"""

import hashlib
import ipaddress
import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 730
SERVER_DAYS = 90  # phones refuse more than 825
RENEW_DAYS = 30
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
LOCAL = ("localhost", "local")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Files:
    """A certificate and its key, as uvicorn wants them."""

    certificate: Path
    key: Path


def server_files(folder: Path, addresses: list[str]) -> Files:
    """A certificate for `addresses` and this computer's names; made anew where it must be.

    The authority behind it is made on the first call, and again when it has grown old or an
    address lies outside what it may vouch for: then phones must be told to trust it again.
    """
    mine = Files(folder / "server.pem", folder / "server-key.pem")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, key = _authority(folder, addresses)
    names = [name for name in _names(addresses) if _covers(authority, name)]
    if not _is_good(mine, authority, names):
        own_key = ec.generate_private_key(ec.SECP256R1())
        certificate = _server_certificate(authority, key, own_key.public_key(), names)
        _write(mine.key, _pem(own_key))
        _write(mine.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    return mine


def authority_of(folder: Path) -> x509.Certificate | None:
    """The authority that phones install; None where none was ever made."""
    try:
        return x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
    except FileNotFoundError:
        return None


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the certificate, as phones show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(" ").upper()


def computer_name() -> str:
    """This computer's name without its domain, in lower case; empty where it is no host name."""
    name = socket.gethostname().split(".")[0].lower()
    return name if HOST_NAME.fullmatch(name) else ""


def _names(addresses: list[str]) -> list[str]:
    own = computer_name()
    return [*addresses, "127.0.0.1", "localhost", *([f"{own}.local", own] if own else [])]


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _authority(
    folder: Path, addresses: list[str]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    known, path = authority_of(folder), folder / "authority-key.pem"
    if known is not None and path.exists() and _lasts(known, SERVER_DAYS):
        kept = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(kept, ec.EllipticCurvePrivateKey)  # noqa: S101 -- as made below
        is_whole = kept.public_key() == known.public_key()
        if is_whole and all(_covers(known, address) for address in addresses):
            return known, kept
    key = ec.generate_private_key(ec.SECP256R1())
    made = _authority_certificate(key, addresses)
    _write(path, _pem(key))
    _write(folder / "authority.pem", made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _authority_certificate(
    key: ec.EllipticCurvePrivateKey, addresses: list[str]
) -> x509.Certificate:
    own = computer_name()
    networks = [ipaddress.IPv4Network(text) for text in PRIVATE]
    for address in map(ipaddress.IPv4Address, addresses):
        if not any(address in network for network in networks):
            networks.append(ipaddress.IPv4Network(address))
    permitted: list[x509.GeneralName] = [x509.IPAddress(network) for network in networks]
    permitted += [x509.DNSName(name) for name in (*LOCAL, *([own] if own else []))]
    # Phones list it under this name; the digits tell two computers of one name apart.
    digits = hashlib.sha256(_public(key.public_key())).hexdigest()[:6]
    name = _named(f"HealthCompanion Demo {own} {digits}".replace("  ", " "))
    usage = {"key_cert_sign": True, "crl_sign": True, "digital_signature": False}
    return _sign(
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(_usage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False),
        key,
    )


def _server_certificate(
    authority: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    public: ec.EllipticCurvePublicKey,
    names: list[str],
) -> x509.Certificate:
    usage = {"key_cert_sign": False, "crl_sign": False, "digital_signature": True}
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return _sign(
        _builder(_named("HealthCompanion Demo"), authority.subject, public, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
        .add_extension(issued_by, critical=False),
        key,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks of phones and computers differ
        .not_valid_after(now + timedelta(days=days))
    )


def _sign(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, key_cert_sign: bool, crl_sign: bool, digital_signature: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _lasts(certificate: x509.Certificate, days: int) -> bool:
    return certificate.not_valid_after_utc - datetime.now(UTC) > timedelta(days=days)


def _covers(authority: x509.Certificate, name: str) -> bool:
    """Whether the authority may vouch for an address or a name."""
    extension = authority.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = extension.value.permitted_subtrees or []
    try:
        address = ipaddress.IPv4Address(name)
    except ValueError:
        domains = [one.value for one in permitted if isinstance(one, x509.DNSName)]
        return any(f".{name}".endswith(f".{domain}") for domain in domains)
    networks = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
    return any(isinstance(one, ipaddress.IPv4Network) and address in one for one in networks)


def _is_good(files: Files, authority: x509.Certificate, names: Iterable[str]) -> bool:
    """Whether the server's certificate is from this authority, for these names, and not old."""
    if not files.certificate.exists() or not files.key.exists():
        return False
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    stated = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # its signature, its issuer's name: whatever is wrong, it is not ours
        return False
    key = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
    return (
        set(stated) == set(map(_general, names))
        and _lasts(certificate, RENEW_DAYS)
        and _public(key.public_key()) == _public(certificate.public_key())
    )


def _public(key: object) -> bytes:
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 -- all keys here are made here
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by the owner alone."""
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)
