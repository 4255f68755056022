"""Our estimate beside the one in print, with the same kind of standard error."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.effects.estimate import Estimate
from analysis.effects.rows import Row, Subject, noted
from analysis.study.settings import Published


def beside_print(subject: Subject, published: Published, ours: Estimate) -> Iterator[Row]:
    """Rows ``as_published`` and ``published``; ``ours`` has the standard error of the kind that print has."""
    yield subject.estimate_row("as_published", ours, published.standard_errors)
    agrees = _agrees(ours.estimate, published.estimate, published.decimals)
    if published.se is not None:
        agrees = agrees and _agrees(ours.se, published.se, published.decimals)
    note = noted([("decimals", published.decimals), ("reproduced", "yes" if agrees else "no")])
    printed = {"estimate": published.estimate, "se": math.nan if published.se is None else published.se}
    yield subject.row("published", published.standard_errors, method="published", note=note, **printed)


def _agrees(ours: float, printed: float, decimals: int) -> bool:
    return round(ours, decimals) == round(printed, decimals)
