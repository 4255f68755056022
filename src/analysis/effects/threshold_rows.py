"""What the figures of a threshold draw, as rows: means of bins, and the two lines that meet at the threshold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.effects.discontinuity import Jump
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.rows import Row, Subject

WINDOWS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of the chosen window
FEWEST_IN_BIN = 20
FEWEST_RARER = 10
MOST_BINS = 12  # on a side


def bin_rows(
    subject: Subject, outcome: Floats, running: Floats, cutoff: float, reach: float, sign: float
) -> Iterator[Row]:
    """``bin``: mean outcome of units with like values of the running variable (term: their mean value, times ``sign``),
    as far as ``reach`` from the threshold on both sides.

    Bins hold equally many units (quantile-spaced; Calonico, Cattaneo & Titiunik 2015, JASA 110(512)), on each side as
    many as leave ``fewest_in_bin`` units in each, MOST_BINS at most. Equal values lie in one bin, and no bin crosses
    the threshold.
    """
    near = np.abs(running - cutoff) <= reach
    for side in (near & (running < cutoff), near & (running >= cutoff)):
        if not side.any():
            continue
        for members in equal_bins(running, side, fewest_in_bin(outcome[side])):
            centre, count = sign * float(running[members].mean()), int(members.sum())
            yield subject.row("bin", f"{centre:.6g}", estimate=float(outcome[members].mean()), n=count)


def fewest_in_bin(outcome: Floats) -> int:
    """FEWEST_IN_BIN; where the outcome is yes or no as many as hold FEWEST_RARER of the rarer on average."""
    if not np.isin(outcome, (0.0, 1.0)).all():
        return FEWEST_IN_BIN
    rarer = min(outcome.mean(), 1 - outcome.mean())
    return max(FEWEST_IN_BIN, int(np.ceil(FEWEST_RARER / rarer)) if rarer > 0 else len(outcome))


def equal_bins(running: Floats, side: Booleans, fewest: int) -> list[Booleans]:
    """Who of one side lies in each bin, in order of the running variable; a small rest joins the last."""
    number = int(np.clip(side.sum() // fewest, 1, MOST_BINS))
    edges = np.quantile(running[side], np.arange(1, number) / number)
    place = np.searchsorted(edges, running, side="right")
    bins: list[Booleans] = []
    for one in range(number):
        members = side & (place == one)
        if bins and (members.sum() < fewest or bins[-1].sum() < fewest):
            bins[-1] |= members
        else:
            bins.append(members)
    return bins


def fit_rows(subject: Subject, found: Jump, cutoff: float, sign: float) -> Iterator[Row]:
    """``local_fit``: both ends of the line fitted on each side, term ``<running>/below`` or ``/above`` (where the
    running variable was turned round, below is above)."""
    width = found.bandwidth
    names = ("below", "above") if sign > 0 else ("above", "below")
    sides = (
        (names[0], (-width, 0.0), found.left, found.left_slope, found.below),
        (names[1], (0.0, width), found.right, found.right_slope, found.above),
    )
    for name, distances, limit, slope, count in sides:
        for distance in distances:
            term = f"{sign * (cutoff + distance):.6g}/{name}"
            yield subject.row("local_fit", term, estimate=limit + slope * distance, n=count)
