"""Do the rules keep what they promise where our users are? Bias, coverage, size and power by simulation.

Run by ``make simulate``. Every cell (a situation, with an effect and without) is drawn 2,000 times and kept in
.build/simulation for as long as the code behind it stays, so that an interrupted run goes on where it stopped; the
whole goes to docs/simulation.json, which ``make validation`` lays out in docs/validation.md. A rule is a default only
if the 99 % binomial interval of its coverage does not lie below 93 % and that of its size does not lie above 7 %.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import binom
from situations import situations
from told import DRAWS, Draws, Situation

REPLICATIONS, CHUNK = 2000, 100
ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "simulation.json"


def fingerprint() -> str:
    """Names the code behind a cell: a cell of other code is never taken for one of this."""
    here = [Path(__file__).with_name(name) for name in ("situations.py", "few_units.py", "told.py")]
    code = [*sorted((ROOT / "src/analysis/effects").glob("*.py")), *here]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]


def drawn(task: tuple[int, int, float]) -> list[Draws]:
    """A chunk of a cell, in a process of its own."""
    number, first, effect = task
    one = situations()[number]
    warnings.simplefilter("ignore")
    return [one.draw(seed, **one.given, effect=effect) for seed in range(first, first + CHUNK)]


def cell(number: int, effect: float, kept: Path, pool: ProcessPoolExecutor) -> dict[str, np.ndarray]:
    """All replications of a cell: rule -> replications x (estimate, low, high, rejects, truth); kept on disk."""
    name = re.sub(r"[^a-z0-9]+", "-", situations()[number].name.lower())
    place = kept / f"{name}_{effect:+.3f}.json"
    if not place.is_file():
        tasks = [(number, first, effect) for first in range(1, REPLICATIONS + 1, CHUNK)]
        rows = [one for part in pool.map(drawn, tasks) for one in part]
        kept.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({rule: [[float(v) for v in row[rule]] for row in rows] for rule in rows[0]}))
    return {rule: np.array(rows) for rule, rows in json.loads(place.read_text()).items()}


def told(number: int, kept: Path, pool: ProcessPoolExecutor) -> list[dict[str, object]]:
    """A line a rule: bias and coverage with the effect, size without it, power with it; ± simulation error."""
    one = situations()[number]
    without, with_effect = cell(number, 0.0, kept, pool), cell(number, one.effect, kept, pool)
    return [_line(one, rule, without[rule], with_effect[rule]) for rule in without]


def _line(situation: Situation, rule: str, without: np.ndarray, found: np.ndarray) -> dict[str, object]:
    truth = found[:, 4]
    error = found[:, 0] - truth
    coverage = float(((found[:, 1] <= truth) & (truth <= found[:, 2])).mean())
    size, power = float(without[:, 3].mean()), float(found[:, 3].mean())
    keeps = _interval(coverage)[1] >= 0.93 and _interval(size)[0] <= 0.07
    return {
        "situation": situation.name,
        "rule": rule,
        "replications": len(found),
        "bias": f"{error.mean():+.4f} ± {error.std() / np.sqrt(len(error)):.4f} (effect {truth.mean():.3f})",
        "coverage": _with_error(coverage),
        "size": _with_error(size),
        "power": _with_error(power),
        "default": "no: naive" if rule.startswith("naive") else "yes" if keeps else "NO: does not keep its promise",
    }


def _interval(share: float) -> tuple[float, float]:
    """The 99 % binomial interval around an observed share (of replications)."""
    low, high = binom.interval(0.99, REPLICATIONS, share)
    return low / REPLICATIONS, high / REPLICATIONS


def _with_error(share: float) -> str:
    error = np.sqrt(share * (1 - share) / REPLICATIONS)
    return f"{100 * share:.1f} % ± {100 * error:.1f}"


def main(wanted: list[str]) -> int:
    """Draw every situation, or those whose name is ``wanted``; the page keeps its lines of the others."""
    names, kept = [one.name for one in situations()], ROOT / ".build" / "simulation" / fingerprint()
    before = json.loads(PAGE.read_text(encoding="utf-8"))["cells"] if wanted else []
    cells: list[dict[str, object]] = []
    with ProcessPoolExecutor(2) as pool:
        for number, name in enumerate(names):
            if wanted and not any(part in name for part in wanted):
                cells += [one for one in before if one["situation"] == name]
                continue
            print(f"{number + 1}/{len(names)} {name} …", flush=True)
            cells += [{**one, "code": fingerprint()} for one in told(number, kept, pool)]
    about = (
        f"Made by `make simulate` ({REPLICATIONS} replications a cell, seeds 1 to {REPLICATIONS}; {DRAWS} draws of the "
        "bootstrap and of the assignments). ± is the standard error of the simulation. Coverage belongs to the "
        "interval; where a rule is a test, its size and power are its own. A rule is a default when the 99 % binomial "
        "interval of its coverage does not lie below 93 % and that of its size not above 7 %. "
        "`make simulate ONLY=…` draws one situation anew; docs/simulation.json names the code behind such lines."
    )
    PAGE.write_text(json.dumps({"about": about, "cells": cells}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(cells)} lines")
    broken = [f"{one['situation']}: {one['rule']}" for one in cells if str(one["default"]).startswith("NO")]
    print("\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
