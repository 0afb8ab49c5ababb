"""Rules that a type cannot say, each a function that raises `Wrong` with the key and a sentence."""

import ipaddress
import re
from typing import Final

from hubbub.config.problems import Wrong

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")

_URL_MAX: Final = 250
_WEB_URL: Final = re.compile(rf"(?=.{{1,{_URL_MAX}}}\Z)https?://[\x21-\x7e]+")

_CONTACT: Final = re.compile(r"mailto:[\x21-\x7e]+@[\x21-\x7e]+|https://[\x21-\x7e]+")


def one_line(key: str, text: str) -> None:
    if _CONTROL.search(text):
        raise Wrong(key, "expected one line without control characters")


def one_word(key: str, text: str) -> None:
    """What a client can say between two spaces."""
    if _CONTROL.search(text) or " " in text or text.startswith(":"):
        raise Wrong(key, f"expected one word, got '{text}'")


def web_url(key: str, text: str) -> None:
    """A URL that fits into a line beside others, or nothing."""
    if text and not _WEB_URL.fullmatch(text):
        raise Wrong(key, f"expected a URL as https://example.org/icon.svg of up to {_URL_MAX} characters, got '{text}'")


def contact(key: str, text: str) -> None:
    """Whom to ask about us: https://www.rfc-editor.org/rfc/rfc8292#section-2.1; or nothing."""
    if text and not _CONTACT.fullmatch(text):
        raise Wrong(key, f"expected an address as mailto:chat@example.org, got '{text}'")


def lines(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text as lines that can be spoken: what could not is a space."""
    rows = text.splitlines() if isinstance(text, str) else text
    return tuple(_CONTROL.sub(" ", row) for row in rows)


def both_or_none(cert_key: str, cert: str, key_key: str, key: str) -> None:
    if bool(cert) == bool(key):
        return
    given, lacking = (cert_key, key_key) if cert else (key_key, cert_key)
    raise Wrong(lacking, f"expected a path, since {given} is set: a certificate and its key go together")


def network(key: str, text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise Wrong(key, f"expected a network as 10.0.0.0/8 or fd00::/8, got '{text}'{_without_host(text)}") from None


def address(key: str, text: str) -> None:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise Wrong(key, f"expected an address of this machine as 192.168.1.20, got '{text}'") from None


def origin(key: str, text: str) -> None:
    """As browsers write it: in small letters, without a path. https://www.rfc-editor.org/rfc/rfc6454#section-6.1"""
    if not _ORIGIN.fullmatch(text):
        raise Wrong(key, f"expected an origin as https://chat.example.org, without a path, got '{text}'")


def _without_host(text: str) -> str:
    try:
        return f"; did you mean '{ipaddress.ip_network(text, strict=False)}'?"
    except ValueError:
        return ""
