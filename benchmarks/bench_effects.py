"""Times our estimators beside the fastest correct library on PyPI. Prints and writes, asserts nothing.

    python benchmarks/bench_effects.py                    all tasks at all sizes: docs/benchmarks.json and .md
    python benchmarks/bench_effects.py --rows 5000        at another size, printed alone
    python benchmarks/bench_effects.py --task matching    the tasks whose names hold a word, printed alone

Every measurement is kept in .build/bench for as long as the code behind it stays: a run that was cut off goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from speed import peers, table
from speed.compare import Line, compared
from speed.machine import described
from speed.runs import ROOT, Side
from speed.tasks import TASKS

DATA, PAGE = ROOT / "docs/benchmarks.json", ROOT / "docs/benchmarks.md"


def main() -> int:
    wanted = _arguments()
    missing = peers.prepare()
    print("".join(f"not installed, not compared with: {pin}\n" for pin in missing), end="")
    ours, peer = Side("ours", Path(sys.executable)), Side("peer", peers.PYTHON)
    lines: list[Line] = []
    begun = time.monotonic()

    def show(what: str) -> None:
        print(f"  [{time.monotonic() - begun:5.0f} s] {what} …", file=sys.stderr, flush=True)

    broken: list[str] = []
    chosen = [one for one in TASKS if wanted.task in one.name]
    for number, task in enumerate(chosen, start=1):
        print(f"{number} of {len(chosen)}: {task.name}", flush=True)
        rows = task.rows if wanted.rows is None or len(task.rows) == 1 else (wanted.rows,)
        try:
            for line in compared(task, ours, peer, rows, show):
                lines.append(line)
                print(table.screen(line), flush=True)
        except RuntimeError as problem:  # the other tasks are done all the same
            broken.append(str(problem))
            print(f"  {problem}", flush=True)
    if wanted.rows is None and not wanted.task:
        write(lines, missing, broken)
    return 1 if broken else 0


def write(lines: list[Line], missing: list[str], broken: list[str]) -> None:
    machine = described(lines)
    told = {"machine": machine, "missing": missing, "broken": broken, "lines": [table.data(line) for line in lines]}
    DATA.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(table.page(lines, machine, missing, broken), encoding="utf-8")
    print(f"{DATA.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int)
    parser.add_argument("--task", default="")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
