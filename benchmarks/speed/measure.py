"""One side of one task at one size, in a process of its own: ``python -m speed.measure NUMBER ROWS ours|peer SECONDS``.

A line of JSON after the first call (cold: with the import of the library and whatever it compiles) and after every
further one (warm; at least one unless the first took LONG), until SECONDS are spent; the last line counts, also when
the process is ended from outside.
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
import warnings
from importlib.metadata import PackageNotFoundError, version

from speed.tasks import TASKS

CALLS = 6
LONG = 30.0
SHOWN = ("numpy", "pandas", "scipy")


def main() -> None:
    warnings.simplefilter("ignore")
    number, rows, side, seconds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    task = TASKS[number]
    data = task.data(rows)
    run = task.ours if side == "ours" else task.peer
    said: dict[str, object] = {"versions": _versions(task.peer_package if side == "peer" else "")}
    warm: list[tuple[float, float]] = []
    first = time.perf_counter()
    while not warm or (len(warm) < CALLS and time.perf_counter() - first < seconds):
        wall, cpu = time.perf_counter(), time.process_time()
        numbers = {name: float(value) for name, value in run(data).items()}
        spent = time.perf_counter() - wall, time.process_time() - cpu
        if "numbers" in said:
            warm.append(spent)
            said |= {"warm": min(one[0] for one in warm), "warm_cpu": min(one[1] for one in warm)}
        else:
            said |= {"cold": spent[0], "cold_cpu": spent[1]}
            if spent[1] > LONG:
                warm.append(spent)  # minutes of work: what compiling adds does not matter, and nobody waits twice
        said |= {"numbers": numbers, "peak_bytes": _peak()}
        print(json.dumps(said), flush=True)


def _peak() -> int:
    """The most memory this process has held, data included."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _versions(package: str) -> dict[str, str]:
    found = {}
    for name in filter(None, (*SHOWN, package)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main()
