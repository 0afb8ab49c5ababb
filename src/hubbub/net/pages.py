"""The web page as a browser gets it: files read and packed once, each with the headers that keep it safe and quick.

They are served as they are, but for comments and indents, which are for who reads the source, and a fifth of what would
be sent.
What has a hash in its path never changes and is kept for good; the rest is asked for again each time.
https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/ and https://www.rfc-editor.org/rfc/rfc9111
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
"""What is served; other files of the directory are for those who build it."""

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types hubbub",
    )
)
"""Nothing from elsewhere, nothing inline, and no text that becomes markup or a script."""

_SAFE: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # an invite stands in the address
}
_SILENT: Final = {".css", ".js", ".png", ".txt"}
"""What browsers make no document of, so that a policy with it says nothing, five hundred bytes long. `sw.js`, at the
root, has one."""

_BARE: Final = {"Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin"}

_LASTING: Final = "public, max-age=31536000, immutable"
_ASKED_AGAIN: Final = "no-cache"

_ROOTED: Final = ("index.html", "manifest.webmanifest", "sw.js")
"""What has to lie at the root of the site, and has blanks that are filled in here."""

_INVITE: Final = re.compile(r"/[jJ]/[A-Za-z0-9_-]{1,64}")  # in capitals QR codes are smaller
_COMMENT: Final = re.compile(
    r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*$|/\*\* @type (?:[^*]|\*(?!/))*\*/ ?", re.MULTILINE
)
"""In a script or a style of ours: a line or lines of nothing else, or a type within a line."""
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
"""Of text in several lines, too: that is HTML, where it means nothing."""

_PACKED_LEAST: Final = 256
"""Bytes below which packing gains nothing."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent. `packed` is its gzip form, empty where that is no shorter."""

    body: bytes
    packed: bytes
    headers: Mapping[str, str]


class Pages:
    """All that there is of the page, by path. `name` is what the network calls itself.

    `base` is the path that it is reached under, as "/chat"; `device` the key of the one reader it is for, if it is.
    """

    def __init__(self, directory: Path, name: str, base: str = "", device: str = "") -> None:
        files = {path.relative_to(directory).as_posix(): path.read_bytes() for path in _files(directory)}
        lasting = {path: _bare(path, body) for path, body in files.items() if path not in _ROOTED}
        prefix = f"/assets/{_digest(*lasting, *lasting.values())}"
        self._assets = {f"{prefix}/{path}": _asset(path, body, _LASTING) for path, body in lasting.items()}
        paths = [base + path for path in self._assets]
        given = {"%BASE%": f"{base}/", "%DEVICE%": html.escape(device)}
        for path in _ROOTED:
            body = _BLANKS[path](_fill(files[path].decode(), given), name, base + prefix, paths).encode()
            self._assets[f"/{path}"] = _asset(path, body, _ASKED_AGAIN)
        self._assets["/"] = self._assets.pop("/index.html")

    def find(self, path: str) -> Asset | None:
        """Links that invite lead to the page itself, which reads the code from its address."""
        return self._assets.get("/" if _INVITE.fullmatch(path) else path)


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in sorted(directory.rglob("*")) if path.suffix in _TYPES and path.is_file())


def _bare(path: str, body: bytes) -> bytes:
    """Without comments and indents; each line keeps its number."""
    if not path.startswith(("app/", "style/")):
        return body
    bare = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), body.decode())
    return _INDENT.sub("", bare).encode()


def _asset(path: str, body: bytes, caching: str) -> Asset:
    packed = gzip.compress(body, mtime=0) if len(body) >= _PACKED_LEAST else b""
    kind = _TYPES[Path(path).suffix]
    told = {"Content-Type": kind, "Cache-Control": caching, "ETag": f'"{_digest(body)}"', "Vary": "Accept-Encoding"}
    safe = _BARE if caching == _LASTING and Path(path).suffix in _SILENT else _SAFE
    return Asset(body, packed if len(packed) < len(body) else b"", {**safe, **told})


def _digest(*parts: bytes | str) -> str:
    digest = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()[:20]


def _fill_page(text: str, name: str, prefix: str, paths: list[str]) -> str:
    """Modules are named at once: a browser that found them one by one would ask for each in turn."""
    early = [path for path in paths if path.endswith(".js") and f"{prefix}/app/later/" not in path]
    preloads = "\n".join(f'<link rel="modulepreload" href="{path}">' for path in early)
    filled = {"%NAME%": html.escape(name), "%ASSETS%": prefix, "<!-- %MODULES% -->": preloads}
    return _fill(text, filled)


def _fill_manifest(text: str, name: str, prefix: str, _: list[str]) -> str:
    return json.dumps({**json.loads(_fill(text, {"%ASSETS%": prefix})), "name": name, "short_name": name[:12]})


def _fill_worker(text: str, _: str, prefix: str, paths: list[str]) -> str:
    return _fill(text, {"%ASSETS%": prefix, '["%PATHS%"]': json.dumps(paths)})


_BLANKS: Final[dict[str, Callable[[str, str, str, list[str]], str]]] = {
    "index.html": _fill_page,
    "manifest.webmanifest": _fill_manifest,
    "sw.js": _fill_worker,
}


def _fill(text: str, blanks: Mapping[str, str]) -> str:
    for blank, filling in blanks.items():
        text = text.replace(blank, filling)
    return text
