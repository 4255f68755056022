"""Random numbers: one stream for each subject and year, so that a change in one leaves the others alone."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, subject: str, year: int = 0) -> np.random.Generator:
    """The generator of a subject (and school year) under a seed; the same in every process."""
    return np.random.default_rng([seed, zlib.crc32(subject.encode("ascii")), year])


def logistic(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))
