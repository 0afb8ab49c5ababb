"""`python -m bench.flame LOAD…`: where hubbub's time goes under a load, as flame graphs beside docs/performance.md.

It needs py-spy (`pip install py-spy`), which looks at the server from outside and slows it down little; that asks for
root where the kernel lets nobody look at others' processes (kernel.yama.ptrace_scope).
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import machine
from bench.flame_graph import drawn, folded
from bench.loads import LOADS, Load
from bench.people import People, people
from bench.run import DOCS
from bench.servers import known
from bench.serving import serving
from bench.trouble import Broken

RATE = 500  # samples a second


def main() -> int:
    talking = {load.name: load for load in LOADS if load.talkers}
    parser = argparse.ArgumentParser(prog="python -m bench.flame", description=__doc__)
    parser.add_argument("load", nargs="+", choices=talking)
    parser.add_argument("--out", type=Path, default=DOCS / "performance", help="the directory for flame-LOAD.svg")
    given = parser.parse_args()
    try:
        machine.prepare()
        cores = machine.cores()
        for name in given.load:
            flame(talking[name], given.out / f"flame-{name}.svg", cores)
    except Broken as trouble:
        print(trouble, file=sys.stderr)
        return 2
    return 0


def flame(load: Load, picture: Path, cores: tuple[int, int]) -> None:
    """Samples the server while people talk, and draws what it did into `picture`."""
    hubbub = next(recipe for recipe in known() if recipe.name == "hubbub")
    with serving(hubbub, load, cores) as server, people(load, server.port) as crowd:
        crowd.reach("ready")
        for phase in ("registered", "joined", "warm"):
            crowd.go_on(phase)
        stacks = _sampled(server.pid, load, crowd)
    root = folded(stacks)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(drawn(root, f"{load.name}: {load.title}; {root.samples:,} samples of what hubbub does"))
    print(f"written to {picture}")


def _sampled(pid: int, load: Load, crowd: People) -> list[str]:
    """The stacks of the measured phase."""
    with TemporaryDirectory() as place:
        output = Path(place, "stacks")
        command = _sampling(pid, load, output)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sampler:
            crowd.result()
        if sampler.returncode:
            raise Broken(f"py-spy could not look at the server (status {sampler.returncode}); run this as root")
        return output.read_text().splitlines()


def _sampling(pid: int, load: Load, output: Path) -> list[str]:
    spy = shutil.which("py-spy") or shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if not spy:
        raise Broken("expected py-spy, found none; install it with: pip install py-spy")
    seconds = max(1, round(load.seconds - 1))
    return [
        spy, "record", "--native", "--threads", "--function", "--format=raw", f"--rate={RATE}",
        f"--duration={seconds}", f"--pid={pid}", f"--output={output}",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
