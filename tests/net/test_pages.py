"""The page as it is served: complete, packed, kept for as long as it may be, and safe from what it shows."""

from __future__ import annotations

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

import hubbub
from hubbub.net.pages import Asset, Pages

WEB = Path(hubbub.__file__).parent / "web"
FIRST_LOAD_MAX = 60_000


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(WEB, "Maya's <place>")


def found(pages: Pages, path: str) -> Asset:
    asset = pages.find(path)
    assert asset is not None, path
    return asset


def paths_in(pages: Pages) -> list[str]:
    return re.findall(r'(?:src|href)="(/[^"]+)"', found(pages, "/").body.decode())


def test_all_that_the_page_names_is_there(pages: Pages) -> None:
    """Every script is named in the page itself, so that none of them is found late."""
    named = paths_in(pages)
    scripts = {
        path.name for folder in ("app", "vendor") for path in (WEB / folder).rglob("*.js") if "later" not in path.parts
    }
    kept = json.loads(re.findall(r"PATHS = (.*);", found(pages, "/sw.js").body.decode())[0])
    assert all(pages.find(path) for path in [*named, *kept])
    assert {path.rpartition("/")[2] for path in named if path.endswith(".js")} == scripts


def test_a_first_visit_is_small(pages: Pages) -> None:
    """60 KB, packed, with everything but the icons for home screens and what is loaded when it is wanted."""
    wanted = {path for path in paths_in(pages) if not path.endswith(".png")} | {"/"}
    assert sum(len(asset.packed or asset.body) for asset in map(pages.find, wanted) if asset) <= FIRST_LOAD_MAX


def test_what_has_a_hash_in_its_path_is_kept_for_good(pages: Pages) -> None:
    """The page is asked for again each time, and names other paths when anything has changed."""
    script = next(path for path in paths_in(pages) if path.endswith("main.js"))
    assert "immutable" in found(pages, script).headers["Cache-Control"]
    assert found(pages, "/").headers["Cache-Control"] == "no-cache"
    assert found(pages, "/").headers["ETag"] != found(pages, script).headers["ETag"]


def test_nothing_runs_that_is_not_ours(pages: Pages) -> None:
    """The policy allows no inline script or style, and no text that becomes either."""
    policy = found(pages, "/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src)|<style|\son\w+=|\sstyle=", found(pages, "/").body.decode())


def test_a_policy_comes_with_what_it_is_for(pages: Pages) -> None:
    """With pages, workers and drawings; with each of fifty scripts it would be a third of a first visit."""
    scripts = [path for path in paths_in(pages) if path.endswith((".js", ".css"))]
    assert {len(found(pages, path).headers["Content-Security-Policy"]) for path in scripts} == {
        len("default-src 'none'")
    }
    drawing = next(path for path in paths_in(pages) if path.endswith(".svg"))
    for path in ("/sw.js", drawing):
        assert found(pages, path).headers == {
            **found(pages, path).headers,
            "Content-Security-Policy": found(pages, "/").headers["Content-Security-Policy"],
        }


def test_a_network_may_have_any_name(pages: Pages) -> None:
    assert "<title>Maya&#x27;s &lt;place&gt;</title>" in found(pages, "/").body.decode()
    assert json.loads(found(pages, "/manifest.webmanifest").body)["name"] == "Maya's <place>"


def test_comments_stay_here(pages: Pages) -> None:
    """Scripts are sent without them and without indents, line by line as they are otherwise."""
    source = [line.lstrip() for line in (WEB / "app/wire.js").read_text().splitlines()]
    sent = found(pages, next(path for path in paths_in(pages) if path.endswith("wire.js"))).body.decode().splitlines()
    assert len(sent) == len(source)
    assert {(told, line) for told, line in zip(sent, source, strict=True) if told != line and told.strip()} == {
        (line.replace("/** @type {const} */ ", ""), line) for line in source if "@type {const}" in line
    }
    assert not any("@param" in line for line in sent)


def test_packed_is_the_same(pages: Pages) -> None:
    assert gzip.decompress(found(pages, "/").packed) == found(pages, "/").body


def test_links_that_invite_lead_to_the_page(pages: Pages) -> None:
    assert pages.find("/j/k7q4m2") == pages.find("/")
    assert pages.find("/j/") is None
    assert pages.find("/j/../index.html") is None


@pytest.mark.parametrize(
    "path", ["", "/index.html", "/app/main.js", "/assets/main.js", "/../compose.py", "/__init__.py"]
)
def test_nothing_else_is_served(pages: Pages, path: str) -> None:
    assert pages.find(path) is None


def test_libraries_are_what_was_fetched() -> None:
    """Each file that is not ours has the checksum that was written down when it was fetched."""
    rows = [line.split("  ") for line in (WEB / "vendor/SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in rows} >= {path.name for path in (WEB / "vendor").glob("*.js")}
    assert all(sha256((WEB / "vendor" / name).read_bytes()).hexdigest() == digest for digest, name in rows)
