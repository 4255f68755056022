"""What the design could have seen."""

from __future__ import annotations

from scipy import stats


def minimum_detectable_effect(se: float, df: float, level: float = 0.05, power: float = 0.80) -> float:
    """The smallest true effect that a two-sided test at ``level`` finds with probability ``power``.

    ``(t[1 - level/2, df] + t[power, df]) * se`` (Bloom 1995, Evaluation Review 19(5), with the degrees of freedom of
    the standard error in use); ``df`` infinite for the normal distribution. Same unit as ``se``.
    """
    return float((stats.t.ppf(1 - level / 2, df) + stats.t.ppf(power, df)) * se)
