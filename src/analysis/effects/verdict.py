"""What may be said about an effect: by rule, from its tests and its checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from analysis.effects.checks import Check
from analysis.effects.estimate import Estimate
from analysis.study.settings import Test

Verdict = Literal["shown", "not_shown", "inconclusive", "design_failed"]


def verdict(tests: Sequence[bool | None], checks: Iterable[Check]) -> Verdict:
    """``tests``: does each required test reject "no effect" at the declared level? None: it could not be made.

    A failed check outranks every test. An effect is shown only when every required test was made and rejects; not shown
    when none rejects; inconclusive when they disagree, or when one that is required is wanting.
    """
    if any(check.outcome == "fail" for check in checks):
        return "design_failed"
    made = [test for test in tests if test is not None]
    if made and not any(made):
        return "not_shown"
    return "shown" if made and all(made) and len(made) == len(tests) else "inconclusive"


def required(answers: Mapping[Test, bool | None], tests: Sequence[Test]) -> list[bool | None]:
    """The answers of the tests that the study requires, of those that the design makes; without any there is no
    verdict but "inconclusive"."""
    return [answer for test, answer in answers.items() if test in tests]


def interval_rejects(estimate: Estimate) -> bool | None:
    """Whether the interval leaves out zero."""
    if not estimate.se > 0 or math.isnan(estimate.df):
        return None
    return not estimate.ci_low <= 0 <= estimate.ci_high


def p_rejects(p: float, level: float) -> bool | None:
    return None if math.isnan(p) else p <= level
