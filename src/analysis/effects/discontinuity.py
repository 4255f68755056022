"""The jump of an outcome at a threshold: local linear regression with a robust bias-corrected interval.

By the authors' own packages, which a study with such a design installs (extra ``discontinuity``): rdrobust (Calonico,
Cattaneo & Titiunik 2014, Econometrica 82(6)) and rddensity (Cattaneo, Jansson & Ma 2020, JASA 115(531)).
"""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Floats, Integers
from analysis.effects.refusal import DesignRefused

METHOD = "rdrobust"
FEWEST = 20  # units on each side of the threshold


@dataclass(frozen=True)
class Jump:
    """``estimate`` and ``se`` are the conventional ones, as tables print them; the interval and p are robust and bias
    corrected. ``below`` and ``above`` units lie within ``bandwidth`` of the threshold; ``left`` and ``right`` are
    the outcome's limits from below and above, with the slopes of the lines that lead there."""

    estimate: float
    se: float
    robust_se: float
    ci_low: float
    ci_high: float
    p: float
    bandwidth: float
    below: int
    above: int
    left: float
    left_slope: float
    right: float
    right_slope: float


def jump_at(
    outcome: Floats,
    running: Floats,
    cutoff: float,
    treatment: Floats | None = None,
    clusters: Integers | None = None,
    bandwidth: float | None = None,
    level: float = 0.05,
) -> Jump:
    """The jump of ``outcome`` (n) where ``running`` (n) passes ``cutoff``; over the treatment's when that is given.

    Raises DesignRefused: ``package_missing``; ``cutoff_outside``; ``too_few_near``; ``not_estimable``.
    """
    below, above = int((running < cutoff).sum()), int((running >= cutoff).sum())
    if min(below, above) == 0:
        raise DesignRefused("cutoff_outside", cutoff=cutoff, low=float(running.min()), high=float(running.max()))
    if min(below, above) < FEWEST:
        raise DesignRefused("too_few_near", below=below, above=above, fewest=FEWEST)
    rdrobust = _package("rdrobust").rdrobust
    given = {"c": cutoff, "fuzzy": treatment, "cluster": clusters, "h": bandwidth, "level": 100 * (1 - level)}
    try:
        with _quiet():
            found = rdrobust(outcome, running, **{name: value for name, value in given.items() if value is not None})
    except Exception as error:  # the package raises whatever numpy does
        raise DesignRefused("not_estimable", reason=type(error).__name__) from None
    conventional, robust = 0, 2
    values = [float(part.iloc[conventional, 0]) for part in (found.coef, found.se)]
    low, high = (float(found.ci.iloc[robust, side]) for side in (0, 1))
    if not all(map(math.isfinite, [*values, low, high])):
        raise DesignRefused("not_estimable", reason="NaN")
    lines = [np.asarray(part)[:2, 0].astype(float).tolist() for part in (found.beta_p_l, found.beta_p_r)]
    inside = [int(count) for count in found.N_h]
    return Jump(
        estimate=values[0],
        se=values[1],
        robust_se=float(found.se.iloc[robust, 0]),
        ci_low=low,
        ci_high=high,
        p=float(found.pv.iloc[robust, 0]),
        bandwidth=float(found.bws.iloc[0, 0]),
        below=inside[0],
        above=inside[1],
        left=lines[0][0],
        left_slope=lines[0][1],
        right=lines[1][0],
        right_slope=lines[1][1],
    )


def density_p(running: Floats, cutoff: float) -> float:
    """p of "as many units just below as just above the threshold"; NaN where it cannot be tested."""
    try:
        with _quiet():
            found = _package("rddensity").rddensity(X=running, c=cutoff)
        return float(found.test["p_jk"])
    except DesignRefused:
        raise
    except Exception:  # too few distinct values, all on one side
        return math.nan


def _package(name: str):  # type: ignore[no-untyped-def]
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise DesignRefused("package_missing", package=name) from None


@contextlib.contextmanager
def _quiet():  # type: ignore[no-untyped-def]
    """The packages print their remarks; what matters of them is in the results."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
