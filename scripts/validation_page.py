"""Write docs/validation.md from what the tests compared with print and with other programs: run by ``make validation``.

The tests fail when a number is not the printed one; this page only lays out what they compared.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"
SIMULATED = ROOT / "docs" / "simulation.json"
TIMED = ROOT / "docs" / "benchmarks.json"
FIXTURES = re.compile(r"\b(in_print|second)\b")
HEAD = """\
# Validation

Made by `make validation`, which runs the tests of `tests/effects`; do not edit by hand. Every row is a number that
somebody has printed, ours on the same data, and the difference. A test fails when the difference is more than the
tolerance: half of the last printed digit, unless the row says more. Data come from packages on PyPI.

Without published data from PyPI, and therefore held against another program or brute force in the tests: randomisation
inference and the wild cluster bootstrap (every assignment or draw enumerated), CR2 with Satterthwaite degrees of
freedom (the dense formula and diff-diff), Romano-Wolf (its definition), Lee bounds, the standard errors of entropy
balancing (bootstrap) and of raking (repeated surveys).

"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "comparisons.jsonl"
        written = sorted((ROOT / "tests/effects").glob("test_*.py"))
        tests = [path for path in written if FIXTURES.search(path.read_text(encoding="utf-8"))]
        names = [path.relative_to(ROOT).as_posix() for path in tests]
        command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *names]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "EVALUATION_VALIDATION": str(place)})
        if done.returncode:
            return done.returncode
        rows = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    PAGE.write_text(page(rows), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rows)} numbers")
    return 0


def page(rows: list[dict[str, object]]) -> str:
    """The page: a table a design, the comparisons in a fixed order."""
    printed, beside = [row for row in rows if "printed" in row], [row for row in rows if "program" in row]
    parts = [HEAD + f"**{len(printed)} printed numbers reproduced.**\n"]
    ordered = sorted(printed, key=lambda row: (str(row["design"]), str(row["source"]), str(row["test"])))
    for design in dict.fromkeys(str(row["design"]) for row in ordered):
        lines = ["| source | what | printed | ours | difference | tolerance | test |", "|---|---|---|---|---|---|---|"]
        lines += [line(row) for row in ordered if row["design"] == design]
        parts.append(f"## {design}\n\n" + "\n".join(lines) + "\n")
    parts.append(other_programs(beside))
    if SIMULATED.is_file():
        parts.append(simulated(json.loads(SIMULATED.read_text(encoding="utf-8"))))
    if TIMED.is_file():
        parts.append(timed(json.loads(TIMED.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def line(row: dict[str, object]) -> str:
    printed, ours, tolerance = (float(str(row[name])) for name in ("printed", "ours", "tolerance"))
    numbers = f"{printed:.10g} | {ours:.8g} | {ours - printed:.1e} | {tolerance:.1e}"
    return f"| {row['source']} | {row['what']} | {numbers} | `{row['test']}` |"


def other_programs(rows: list[dict[str, object]]) -> str:
    """A table of what other programs, or plain formulas, give for the same data."""
    head = (
        "## Other programs\n\nThe same number for the same data by a second, independent implementation; a test fails "
        "when ours is farther from it than the share in the last but one column.\n"
    )
    lines = [head, "| design | program | what | theirs | ours | at most apart | test |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in sorted(rows, key=lambda row: [str(row[name]) for name in ("design", "program", "what")]):
        theirs, ours, within = (float(str(row[name])) for name in ("theirs", "ours", "within"))
        numbers = f"{theirs:.8g} | {ours:.8g} | {within:.0e}"
        lines.append(f"| {row['design']} | {row['program']} | {row['what']} | {numbers} | `{row['test']}` |")
    return "\n".join(lines) + "\n"


def simulated(content: dict[str, object]) -> str:
    cells: list[dict[str, object]] = content["cells"]  # type: ignore[assignment]
    lines = [f"## Simulation\n\n{content['about']}\n"]
    lines += [
        "| design and situation | rule | replications | bias | coverage of 95 % | size at 5 % | power | default |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    for cell in cells:
        numbers = [str(cell[name]) for name in ("replications", "bias", "coverage", "size", "power", "default")]
        lines.append(f"| {cell['situation']} | {cell['rule']} | " + " | ".join(numbers) + " |")
    return "\n".join(lines) + "\n"


def timed(content: dict[str, object]) -> str:
    """Each task at each size: seconds of both, the ratio, and whether the numbers were the same."""
    lines: list[dict[str, object]] = content["lines"]  # type: ignore[assignment]
    said = [
        "## Speed\n\nMade by `make bench`, which says more in docs/benchmarks.md: the best time of each, for the same "
        "number on the same data in the same run. *Ratio* is the other's time over ours.\n",
        "| task | rows | ours | other | time | ratio | same number |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in lines:
        own, other = _seconds(one["ours"]), _seconds(one.get("theirs"))
        ratio = "–" if one.get("ratio") is None else f"{float(str(one['ratio'])):.1f}"
        same = {True: "yes", False: "NO"}.get(bool(one["same_number"])) if "same_number" in one else "–"
        stopped = str(one.get("peer_stopped") or "")
        numbers = f"{one['rows']:,} | {own} | {one['peer']} | {other or stopped} | {ratio} | {same}"
        said.append(f"| {one['task']} | {numbers} |")
    return "\n".join(said) + "\n"


def _seconds(side: object) -> str:
    if not isinstance(side, dict):
        return ""
    value = float(side["seconds"].get("warm", side["seconds"]["cold"]))
    return f"{value:.4f} s" if value < 0.1 else f"{value:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
