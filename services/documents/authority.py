"""Who signs for a ward's agencies: an authority and its certificates, the agencies' and those of their people.

The rest of the portal asks `authority()` for an agency's signer, an officer's, and the roots it trusts, no
more. An HSM, a token or the Government's signing service takes part by a class with the same methods,
named in `settings.DOCUMENT_AUTHORITY`. Officers' keys are held by the authority (remote signing): the
portal asks for one only for what its owner has just approved with their second factor.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.module_loading import import_string

from buildings.agencies import Agency, AgencyKey
from buildings.models import Ward

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


@dataclass(frozen=True)
class Officer:
    """A person as their certificate names them. `key` is the same for every certificate they have had."""

    key: str
    name: str
    title: str
    agency: str  # as certificates name it: CÔNG AN PHƯỜNG VIỆT HƯNG


def officer_key(user_id: int) -> str:
    """What stands as serial number in the name of a person's certificate; an agency's has none."""
    return f"CB-{user_id}"


class Authority(Protocol):
    def signer_for(self, ward: Ward, agency: Agency) -> "Signer":
        """What signs in the name of a ward's agency. Called by the worker alone."""

    def signer_of(self, officer: Officer) -> "Signer":
        """What signs in the officer's own name. Called by the worker alone."""

    def roots(self) -> list[bytes]:
        """Certificates, PEM, under which a signature is ours. Called by the web process; needs no key."""


def authority() -> Authority:
    """The authority of this installation, made once a process."""
    return _made(settings.DOCUMENT_AUTHORITY, Path(settings.KEYS_DIR))


@cache
def _made(dotted_path: str, keys: Path) -> Authority:
    return import_string(dotted_path)(keys)


class KeptAuthority:
    """An authority of our own, with its keys in files: for the demo, tests and trials.

    Root and ward certificates are made when first needed, each key together with its certificate in
    one file of mode 0600, so that of two processes starting at once one makes it and both use it.
    The root's certificate alone lies beside it for whoever verifies.
    """

    root_name = "CA trình diễn - Khu chung cư điện tử"

    def __init__(self, keys: Path) -> None:
        self.folder = keys / "authority"
        self._signers: dict[tuple[str, str], Signer] = {}  # file and name

    def signer_for(self, ward: Ward, agency: Agency) -> "Signer":
        # The committee's key keeps the name it had before wards had other agencies.
        file = f"ward-{ward.code}" if agency.key == AgencyKey.COMMITTEE else f"ward-{ward.code}-{agency.key}"
        name = agency.name_in(ward)
        if (file, name) not in self._signers:
            pem = _once(self.folder / f"{file}.pem", lambda: self._make_agency(ward, agency))
            if not _is_named(pem, name):  # the ward was renamed: another name is another certificate
                said = sha256(name.encode()).hexdigest()[:12]
                pem = _once(self.folder / f"{file}-{said}.pem", lambda: self._make_agency(ward, agency))
            self._signers[file, name] = _load_signer(pem, self._root_pem())
        return self._signers[file, name]

    def signer_of(self, officer: Officer) -> "Signer":
        # Another name or title is another certificate.
        said = sha256(f"{officer.name}|{officer.title}|{officer.agency}".encode()).hexdigest()[:12]
        file = f"officer-{officer.key}-{said}"
        if (file, "") not in self._signers:
            pem = _once(self.folder / f"{file}.pem", lambda: self._make_officer(officer))
            self._signers[file, ""] = _load_signer(pem, self._root_pem())
        return self._signers[file, ""]

    def roots(self) -> list[bytes]:
        path = self.folder / "root.crt"
        return [path.read_bytes()] if path.exists() else []

    def _root_pem(self) -> bytes:
        pem = _once(self.folder / "root.pem", self._make_root)
        _once(self.folder / "root.crt", lambda: _certificate_of(pem), mode=0o644)
        return pem

    def _make_root(self) -> bytes:
        key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        name = _name(self.root_name, "Khu chung cư điện tử")
        builder = (
            _builder(name, name, key, years=20)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        )
        return _pem(key, builder.sign(key, hashes.SHA256()))

    def _make_agency(self, ward: Ward, agency: Agency) -> bytes:
        return self._certify(_name(agency.name_in(ward), agency.parent_in(ward)), years=10)

    def _make_officer(self, officer: Officer) -> bytes:
        more = [x509.NameAttribute(NameOID.SERIAL_NUMBER, officer.key)]
        if officer.title:
            more.append(x509.NameAttribute(NameOID.TITLE, short_name(officer.title)))
        return self._certify(_name(officer.name, officer.agency, more), years=5)

    def _certify(self, name: x509.Name, *, years: int) -> bytes:
        """A new key, and the root's certificate for it."""
        root_pem = self._root_pem()
        root_key = serialization.load_pem_private_key(root_pem, None)
        root = x509.load_pem_x509_certificate(root_pem)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        builder = (
            _builder(name, root.subject, key, years=years)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()),  # type: ignore[arg-type]
                critical=False,
            )
        )
        return _pem(key, builder.sign(root_key, hashes.SHA256()))  # type: ignore[arg-type]


def _load_signer(pem: bytes, *chain: bytes) -> "Signer":
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data  # noqa: PLC0415
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    (certificate,) = load_certs_from_pemder_data(_certificate_of(pem))
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(pem, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs(
            [one for other in chain for one in load_certs_from_pemder_data(_certificate_of(other))]
        ),
    )


def _once(path: Path, make: Callable[[], bytes], *, mode: int = 0o600) -> bytes:
    """The content of a file, made if need be: complete or not there, and never made twice."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent)  # mode 0600 from the start
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            os.chmod(partial, mode)
            os.link(partial, path)
        except FileExistsError:
            pass  # another process was quicker; its file counts
        finally:
            os.unlink(partial)
    return path.read_bytes()


def _is_named(pem: bytes, name: str) -> bool:
    (said,) = x509.load_pem_x509_certificate(pem).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return said.value == short_name(name)


def _certificate_of(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.PEM)


def _pem(key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> bytes:
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + certificate.public_bytes(encoding)


def _name(common_name: str, organisation: str, more: Iterable[x509.NameAttribute] = ()) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, short_name(organisation)),
            x509.NameAttribute(NameOID.COMMON_NAME, short_name(common_name)),
            *more,
        ]
    )


def short_name(name: str) -> str:
    """As much as a certificate's field takes: 64 bytes."""
    return name.encode()[:64].decode(errors="ignore")


def _builder(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, *, years: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**allowed: bool) -> x509.KeyUsage:
    uses = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
        + ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )
    return x509.KeyUsage(**{**uses, **allowed})
