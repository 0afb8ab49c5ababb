"""A certificate authority that speaks ACME: it believes no signature and no name that it has not looked at.

https://www.rfc-editor.org/rfc/rfc8555
"""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.net.desk import PATIENCE

Json = dict[str, Any]


class Problem(Exception):
    """https://www.rfc-editor.org/rfc/rfc8555#section-6.7"""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.body = {"type": f"urn:ietf:params:acme:error:{kind}", "detail": detail}


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(jwk: Json) -> str:
    """https://www.rfc-editor.org/rfc/rfc7638"""
    told = {key: jwk[key] for key in ("crv", "kty", "x", "y")}
    return packed(sha256(json.dumps(told, separators=(",", ":"), sort_keys=True).encode()).digest())


def verify(jwk: Json, signed: bytes, signature: bytes) -> None:
    """ES256: https://www.rfc-editor.org/rfc/rfc7518#section-3.4"""
    x, y = (int.from_bytes(unpacked(jwk[key]), "big") for key in ("x", "y"))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Problem("malformed", "the signature does not fit") from None


@dataclass
class Authority:
    """`days` is how long its certificates last. It asks the names it is shown at the port that `site` holds.

    `forgetful` says how many nonces it takes for spent that are not.
    """

    days: int = 90
    forgetful: int = 0
    site: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    accounts: dict[str, Json] = field(default_factory=dict)
    contacts: list[list[str]] = field(default_factory=list)
    issued: list[x509.Certificate] = field(default_factory=list)
    orders: list[Json] = field(default_factory=list)
    port: int = 0
    _nonces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._signed(self._key.public_key(), "Authority", None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pem(self) -> str:
        return self.root.public_bytes(Encoding.PEM).decode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(EOFError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in head[1:] if row)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = head[0].split(" ")
            writer.write(await self._answer(method, path, body))
        writer.close()

    async def _answer(self, method: str, path: str, body: bytes) -> bytes:
        more: dict[str, str] = {}
        try:
            status, told = 200, await self._told(method, path, body, more)
        except Problem as problem:
            status, told = 400, problem.body
        text = told if isinstance(told, str) else json.dumps(told)
        nonce = secrets.token_urlsafe(16)
        self._nonces.add(nonce)
        kind = "application/json" if status == 200 else "application/problem+json"
        rows = {"Replay-Nonce": nonce, "Content-Type": kind, "Content-Length": str(len(text)), "Connection": "close"}
        rows |= more
        status = int(rows.pop("Status", status))
        head = "".join(f"{name}: {value}\r\n" for name, value in rows.items())
        return f"HTTP/1.1 {status} -\r\n{head}\r\n{'' if method == 'HEAD' else text}".encode()

    async def _told(self, method: str, path: str, body: bytes, more: dict[str, str]) -> Json | str:
        if method != "POST":
            names = ("newNonce", "newAccount", "newOrder")
            return {name: f"{self.url}/{name}" for name in names}
        jwk, account, payload = self._checked(path, json.loads(body))
        room, _, number = path[1:].partition("/")
        steps: dict[str, Callable[[], Json | str]] = {
            "newAccount": lambda: self._account(jwk, payload, more),
            "newOrder": lambda: self._order(payload, more),
            "order": lambda: self._shown(int(number)),
            "authz": lambda: self._authorization(int(number)),
            "finalize": lambda: self._finalize(int(number), payload),
            "cert": lambda: self.issued[int(number)].public_bytes(Encoding.PEM).decode() + self.pem,
        }
        if room != "newAccount" and account not in self.accounts:
            raise Problem("accountDoesNotExist", "who are you?")
        if room == "challenge":
            more["Link"] = f'<{self.url}/authz/{number}>;rel="up"'
            return await self._look(int(number), jwk)
        return steps[room]()

    def _checked(self, path: str, told: Json) -> tuple[Json, str, Json]:
        """https://www.rfc-editor.org/rfc/rfc8555#section-6.2"""
        protected = json.loads(unpacked(told["protected"]))
        spent = protected["nonce"] not in self._nonces
        self._nonces.discard(protected["nonce"])
        if spent or self.forgetful:
            self.forgetful = max(self.forgetful - 1, 0)
            raise Problem("badNonce", "that nonce is spent")
        if protected["url"] != f"{self.url}{path}" or protected["alg"] != "ES256":
            raise Problem("unauthorized", "signed for another place")
        if ("jwk" in protected) == ("kid" in protected):
            raise Problem("malformed", "expected jwk or kid")
        account = protected.get("kid", "")
        jwk = protected["jwk"] if not account else self.accounts.get(account)
        if jwk is None:
            raise Problem("accountDoesNotExist", "who are you?")
        verify(jwk, f"{told['protected']}.{told['payload']}".encode(), unpacked(told["signature"]))
        return jwk, account, json.loads(unpacked(told["payload"]) or b"{}")

    def _account(self, jwk: Json, payload: Json, more: dict[str, str]) -> Json:
        if not payload.get("termsOfServiceAgreed"):
            raise Problem("userActionRequired", "agree to the terms")
        url = f"{self.url}/account/{thumbprint(jwk)}"
        more |= {"Location": url, "Status": "200" if url in self.accounts else "201"}
        self.accounts[url] = jwk
        self.contacts.append(payload.get("contact", []))
        return {"status": "valid"}

    def _order(self, payload: Json, more: dict[str, str]) -> Json:
        ((name,),) = ([one["value"] for one in payload["identifiers"]],)
        if name.endswith(".test"):
            raise Problem("rejectedIdentifier", f"{name} is no public name")
        number = len(self.orders)
        self.orders.append({"name": name, "status": "pending", "token": secrets.token_urlsafe(16), "error": None})
        more |= {"Location": f"{self.url}/order/{number}", "Status": "201"}
        return self._shown(number)

    def _shown(self, number: int) -> Json:
        order = self.orders[number]
        told = {
            "status": order["status"],
            "identifiers": [{"type": "dns", "value": order["name"]}],
            "authorizations": [f"{self.url}/authz/{number}"],
            "finalize": f"{self.url}/finalize/{number}",
        }
        return told | ({"certificate": f"{self.url}/cert/{order['cert']}"} if "cert" in order else {})

    def _authorization(self, number: int) -> Json:
        order = self.orders[number]
        status = {"ready": "valid", "valid": "valid"}.get(order["status"], order["status"])
        dns: Json = {"type": "dns-01", "url": f"{self.url}/no", "token": order["token"], "status": "pending"}
        challenges = [dns, self._challenge(number)]
        return {"status": status, "identifier": {"type": "dns", "value": order["name"]}, "challenges": challenges}

    def _challenge(self, number: int) -> Json:
        order = self.orders[number]
        status = "valid" if order["status"] in {"ready", "valid"} else order["status"]
        told = {"type": "http-01", "url": f"{self.url}/challenge/{number}", "token": order["token"], "status": status}
        return told | ({"error": order["error"]} if order["error"] else {})

    async def _look(self, number: int, jwk: Json) -> Json:
        """https://www.rfc-editor.org/rfc/rfc8555#section-8.3"""
        order = self.orders[number]
        found = await self._fetched(order["name"], f"/.well-known/acme-challenge/{order['token']}")
        if found.strip() == f"{order['token']}.{thumbprint(jwk)}":
            order["status"] = "ready"
        else:
            order["status"] = "invalid"
            order["error"] = Problem("unauthorized", f"found something else at {order['name']}").body
        return self._challenge(number)

    async def _fetched(self, name: str, path: str) -> str:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", await asyncio.shield(self.site))
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
            writer.close()
        return body if " 200 " in head else ""

    def _finalize(self, number: int, payload: Json) -> Json:
        order = self.orders[number]
        if order["status"] != "ready":
            raise Problem("orderNotReady", "not yet")
        wish = x509.load_der_x509_csr(unpacked(payload["csr"]))
        names = wish.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if not wish.is_signature_valid or names.get_values_for_type(x509.DNSName) != [order["name"]]:
            raise Problem("badCSR", "expected the name that was shown")
        key = wish.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        self.issued.append(self._signed(key, order["name"], self.root))
        order |= {"status": "valid", "cert": len(self.issued) - 1}
        return self._shown(number)

    def _signed(self, key: ec.EllipticCurvePublicKey, name: str, issuer: x509.Certificate | None) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer.subject if issuer else subject, subject, key, x509.random_serial_number()
        )
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=self.days))
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        by, ours = x509.AuthorityKeyIdentifier.from_issuer_public_key, x509.SubjectKeyIdentifier.from_public_key
        builder = builder.add_extension(by(self._key.public_key()), critical=False)
        return builder.add_extension(ours(key), critical=False).sign(self._key, hashes.SHA256())


@asynccontextmanager
async def an_authority(days: int = 90, forgetful: int = 0) -> AsyncIterator[Authority]:
    authority = Authority(days, forgetful)
    server = await asyncio.start_server(authority.serve, "127.0.0.1", 0)
    authority.port = server.sockets[0].getsockname()[1]
    try:
        yield authority
    finally:
        server.close()
