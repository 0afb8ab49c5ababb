"""The doors: whether they can be opened, what goes through them in the clear, and the certificates that they show."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from hubbub.compose import pair_of
from hubbub.config import Endpoint, Listen, doorplate
from hubbub.config.endpoint import ROOM_DOORS, parse
from hubbub.config.names import names_of
from hubbub.doctor.finding import Finding
from hubbub.doctor.patient import Patient
from hubbub.net.hosts import is_ours
from hubbub.net.limits import is_local
from hubbub.net.sockets import CannotListen, try_out
from hubbub.net.tls import BadCertificate, Certificates

_SOON: Final = timedelta(days=14)
"""Those who renew do so a month before the end: by now it has failed for two weeks."""

_PATIENCE_S: Final = 2.0
_WITH_TLS: Final = {"irc", "ws", "http"}
"""Those that have a sister with encryption."""

_FOR_BROWSERS: Final = {"http", "ws"}
_IN_THE_CLEAR: Final = {*_WITH_TLS, *ROOM_DOORS} - {"ssh"}


def listeners(patient: Patient) -> Iterator[Finding]:
    """The running server's own, and of those that it is to have at the next start the ones that it lacks.

    Where no file says which it is to have, it was told otherwise, as `hubbub` tells what it starts.
    """
    plate = doorplate.read(patient.data) if patient.pid else None
    ours = {_place(endpoint): endpoint for endpoint in map(parse, plate.urls if plate is not None else ())}
    yield from map(_answering, ours.values())
    if not ours or patient.file is not None:
        wanted = (listen.endpoint for listen in patient.config.listen)
        yield from (_free(endpoint) for endpoint in wanted if _place(endpoint) not in ours)


def _place(endpoint: Endpoint) -> tuple[str, int, str]:
    """Without the host: who listens by a name says an address."""
    return endpoint.scheme, endpoint.port, endpoint.path


def _answering(endpoint: Endpoint) -> Finding:
    """It is the running server's."""
    try:
        _knock(endpoint)
    except OSError as error:
        return Finding(
            about="listener",
            grade="problem",
            found=f"{endpoint.url}: nobody can connect ({error.strerror or error})",
            means="The server runs and does not accept: it is stuck, or has no descriptors left.",
            helps="look into its log; if that says nothing, restart it",
        )
    return Finding(about="listener", found=f"{endpoint.url} lets people in")


def _knock(endpoint: Endpoint) -> None:
    """Raises OSError."""
    if not endpoint.path:
        socket.create_connection((endpoint.host, endpoint.port), _PATIENCE_S).close()
        return
    with socket.socket(socket.AF_UNIX) as local:
        local.settimeout(_PATIENCE_S)
        local.connect(endpoint.path)


def _free(endpoint: Endpoint) -> Finding:
    try:
        try_out(endpoint)
    except CannotListen as error:
        return Finding(
            about="listener",
            grade="problem",
            found=str(error),
            means="The server does not start.",
            helps="as it says; for ports below 1024 AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit",
        )
    return Finding(about="listener", found=f"{endpoint.url} is free to listen on")


def openness(patient: Patient) -> Iterator[Finding]:
    """Doors to the network that show to everybody on the way what goes through."""
    for listen in patient.config.listen:
        endpoint = listen.endpoint
        near = endpoint.path or endpoint.host == "localhost" or is_local(endpoint.host)
        if endpoint.scheme in _IN_THE_CLEAR and not near and not listen.proxy:
            yield Finding(
                about="openness",
                grade="note" if endpoint.scheme == "http" else "warning",
                found=f"{endpoint.url} is open to the network, without encryption",
                means="Whoever is on the way can read passwords and talk.",
                helps=f"{endpoint.scheme}s:// instead, or 127.0.0.1 behind a proxy that ends TLS"
                if endpoint.scheme in _WITH_TLS
                else "ssh:// instead, or 127.0.0.1, or a network that you trust",
            )


def names(patient: Patient) -> Iterator[Finding]:
    """Where no certificate shows a browser that it is us, the name has to be known to be ours."""
    if not any(listen.endpoint.scheme in _FOR_BROWSERS for listen in patient.config.listen):
        return
    given = sorted(name for name in names_of(patient.config) if not is_ours(name, ()))
    if given:
        yield Finding(
            about="names", found=f"browsers may open it by an address, as localhost, and as {', '.join(given)}"
        )
    else:
        yield Finding(
            about="names",
            grade="note",
            found="browsers may open it by an address, as localhost, and by names in this network alone",
            means="Whoever comes by another name, through a proxy or a tunnel, is turned away (421, or 403).",
            helps=f'name it: hosts = ["chat.example.org"] in [web], and {patient.reload}',
        )


def certificates(patient: Patient) -> Iterator[Finding]:
    """Each pair of files once."""
    seen: set[tuple[str, str]] = set()
    for listen in patient.config.listen:
        pair = pair_of(patient.config, listen)
        if listen.endpoint.secure and pair not in seen:
            seen.add(pair)
            yield from _certificate(patient, listen, Path(pair[0]), Path(pair[1]))


def _certificate(patient: Patient, listen: Listen, cert: Path, key: Path) -> Iterator[Finding]:
    ours = cert.is_relative_to(patient.data) and cert.parent.name != "acme"
    if ours and not cert.exists():
        yield Finding(about="certificate", grade="note", found=f"{cert} is made at the first start, signed by itself")
        return
    try:
        Certificates(cert, key, patient.config.tls.client_ca)
    except BadCertificate as error:
        yield Finding(
            about="certificate",
            grade="problem",
            found=str(error),
            means=f"{listen.url} cannot be opened.",
            helps="name a certificate chain and its key in PEM, in [tls]",
        )
        return
    yield _validity(patient, cert, ours=ours)
    if key.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) and os.name == "posix":
        yield Finding(
            about="certificate",
            grade="warning" if key.stat().st_mode & stat.S_IROTH else "note",
            found=f"{key} can be read by others than its owner",
            means="Whoever has the key can pass for this server.",
            helps=f"chmod 600 '{key}', or 640 with a group that only the server is in",
        )


def _validity(patient: Patient, cert: Path, *, ours: bool) -> Finding:
    found = x509.load_pem_x509_certificate(cert.read_bytes())
    left, day = found.not_valid_after_utc - datetime.now(UTC), f"{found.not_valid_after_utc:%Y-%m-%d}"
    if found.not_valid_before_utc > datetime.now(UTC):
        left, day = timedelta(-1), f"{found.not_valid_before_utc:%Y-%m-%d}, when it begins to be"
    if left > _SOON:
        sort = "our own, to be trusted by its fingerprint" if ours else f"by {_issuer(found)}"
        return Finding(about="certificate", found=f"{cert} is valid until {day}; {sort}")
    return Finding(
        about="certificate",
        grade="problem" if left < timedelta() else "warning",
        found=f"{cert} is {'not valid; the day is' if left < timedelta() else 'valid only until'} {day}",
        means="Clients refuse to connect to a server whose certificate is not valid.",
        helps=f"{'remove it to have one made' if ours else 'renew it'}, and {patient.reload}",
    )


def _issuer(found: x509.Certificate) -> str:
    names = found.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str((names or list(found.issuer))[0].value) if list(found.issuer) else "nobody that it names"
