"""What is made once and kept for later runs: a certificate, and stores that many messages are in already."""

import hashlib
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from bench import build
from bench.loads import Load
from bench.trouble import Broken

YEARS = 3


@cache
def certificate() -> tuple[Path, Path]:
    """Certificate and key that all servers show at their TLS doors, ECDSA P-256, in PEM."""
    from hubbub.net.self_signed import make_self_signed

    directory = build.cache() / "tls"
    pair = directory / "cert.pem", directory / "key.pem"
    return pair if pair[1].exists() else make_self_signed(directory, ["irc.bench.test", "127.0.0.1"])


def store(load: Load) -> Path:
    """The data directory that a load starts with; made now, which takes minutes for millions, or found."""
    rooms = 1000 if load.owned else 1
    directory = build.cache() / f"store-{load.stored}-in-{rooms}{'-owned' if load.owned else ''}-{_edition()}"
    if not directory.exists():
        _build(directory, load.stored, rooms, owned=load.owned)
    return directory


def _build(directory: Path, messages: int, rooms: int, *, owned: bool) -> None:
    """Made beside its final name, in a process of its own: what is left of one that was stopped is no store."""
    half = directory.with_name(f"{directory.name}.half")
    with suppress(FileNotFoundError):
        shutil.rmtree(half)
    command = [sys.executable, "-m", "bench.build_store", "--out", str(half), f"--messages={messages}"]
    command += [f"--rooms={rooms}", f"--years={YEARS}", *(["--owned"] if owned else [])]
    print(f"making a store of {messages:,} messages, once: {directory}", flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Broken(f"could not make a store: {done.stdout.strip().splitlines()[-1]}")
    half.rename(directory)


@cache
def _edition() -> str:
    """Which messages, and which schema: another one needs another store."""
    from hubbub.stores.migrations import OURS

    sources = [Path(__file__).with_name(name) for name in ("build_store.py", "prose.py")]
    return hashlib.sha256(repr(OURS).encode() + b"".join(map(Path.read_bytes, sources))).hexdigest()[:8]
