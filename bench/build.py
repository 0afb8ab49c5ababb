"""Compiles the C programs beside this module, once per source and compiler, into the user's cache directory."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from bench.trouble import Broken

FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra")


def program(name: str) -> Path:
    """The compiled form of `bench/NAME.c`; raises Broken where no compiler is, or where it refuses."""
    source = Path(__file__).with_name(f"{name}.c")
    cc = compiler()
    fingerprint = hashlib.sha256(source.read_bytes() + " ".join((cc, *FLAGS)).encode()).hexdigest()[:12]
    built = _cache() / f"{name}-{fingerprint}"
    if not built.exists():
        _compile(cc, source, built)
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


def _cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = base / "hubbub-bench"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _compile(cc: str, source: Path, built: Path) -> None:
    # Built beside its final name and renamed: two runs at once never execute half a program.
    half = built.with_name(f"{built.name}.{os.getpid()}")
    command = [cc, *FLAGS, "-o", str(half), str(source), "-lm"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(f"{cc} could not build {source}:\n{done.stderr.strip()}")
    half.rename(built)
