"""Compiles the C programs beside this module, once per source and compiler, into the user's cache directory."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from bench.trouble import Broken

FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra")
LIBRARIES = (("-Wl,--as-needed", "-lm", "-lssl", "-lcrypto"), ("-DWITHOUT_TLS", "-lm"))
"""What to build with, the first that works: TLS is measured only where OpenSSL is there to build with."""


def program(name: str) -> Path:
    """The compiled form of `bench/NAME*.c`; raises Broken where no compiler is, or where it refuses."""
    sources = sorted(Path(__file__).parent.glob(f"{name}*.[ch]"))
    cc = compiler()
    fingerprint = hashlib.sha256(" ".join((cc, *FLAGS)).encode())
    for source in sources:
        fingerprint.update(source.read_bytes())
    built = cache() / f"{name}-{fingerprint.hexdigest()[:12]}"
    if not built.exists():
        _compile(cc, [str(source) for source in sources if source.suffix == ".c"], built)
    return built


def compiler() -> str:
    """The C compiler's path; raises Broken where there is none."""
    for candidate in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if found := candidate and shutil.which(candidate):
            return found
    raise Broken(
        "expected a C compiler (cc, gcc, clang, or the one that CC names), found none; the load generator is a C "
        "program: on Debian, apt-get install gcc libc6-dev"
    )


def cache() -> Path:
    """The directory for what is made once and used by many runs."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = base / "hubbub-bench"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _compile(cc: str, sources: list[str], built: Path) -> None:
    # Built beside its final name and renamed: two runs at once never execute half a program.
    half = built.with_name(f"{built.name}.{os.getpid()}")
    for libraries in LIBRARIES:
        command = [cc, *FLAGS, "-o", str(half), *sources, *libraries]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.returncode:
            half.rename(built)
            return
    raise Broken(f"{cc} could not build {' '.join(sources)}:\n{done.stderr.strip()}")
