"""The results table does not depend on the order in which a process happens to keep its sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .small_designs import KINDS

TESTS = Path(__file__).parents[1]
EVERY_DESIGN = """
import sys
import numpy as np
from effects.breakages import ODD
from effects.small_designs import KINDS, small

for kind in KINDS:
    sys.stdout.write(small(kind, 1).estimate().to_csv(index=False))
for kind in ("randomised", "weighting", "offer", "two_waves"):
    declared = ODD["covariate mixed"](small(kind, 1), np.random.default_rng(1))
    sys.stdout.write(declared.estimate().to_csv(index=False))
"""


def started(seed: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-c", EVERY_DESIGN]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def test_equal_bytes_under_any_hash_seed():
    processes = [started(seed) for seed in (0, 1, 2)]
    tables = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert tables[0].count(b"result_id") == len(KINDS) + 4
    assert tables[0] == tables[1] == tables[2]
