"""One effect under every combination of the choices that could as well have been made.

Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4(11): the set of reasonable specifications is declared, all
of them are run, and the report shows all of them. Their joint test by resampling is not made here: what is told is how
many of them say what the headline says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np

from analysis.effects import checks
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, too_few_clusters
from analysis.effects.verdict import interval_rejects
from analysis.study.robustness_settings import AS_DECLARED, MOST_SPECIFICATIONS, Specifications


class Effect(Protocol):
    """An effect that can be estimated as declared and under other choices."""

    @property
    def declared(self) -> dict[str, Any]: ...

    def under(self, chosen: Mapping[str, Any]) -> Estimate: ...


@dataclass(frozen=True)
class Curve:
    """``found``: by canonical text, each specification's estimate or the refusal that stands in its place."""

    headline: Estimate
    found: dict[str, Estimate | DesignRefused]

    @property
    def estimates(self) -> list[Estimate]:
        return [one for one in self.found.values() if isinstance(one, Estimate)]

    @property
    def estimated(self) -> float:
        """Share of the specifications that could be estimated."""
        return len(self.estimates) / len(self.found)

    @property
    def same_sign(self) -> float:
        """Share of those estimated that have the headline's sign."""
        return float(np.mean([np.sign(one.estimate) == np.sign(self.headline.estimate) for one in self.estimates]))

    @property
    def same_answer(self) -> float:
        """Share of those estimated whose interval says of "no effect" what the headline's says; missing when its
        own may not speak."""
        answer = _rejects(self.headline)
        return math.nan if answer is None else float(np.mean([_rejects(one) == answer for one in self.estimates]))

    @property
    def agreeing(self) -> float:
        """Share of those estimated that say what the headline says: of an effect also in which direction, of an
        estimate that is not told from zero only that, as its sign means nothing."""
        answer = _rejects(self.headline)
        if answer is None:
            return math.nan
        sign = np.sign(self.headline.estimate)
        agree = [_rejects(one) == answer and (not answer or np.sign(one.estimate) == sign) for one in self.estimates]
        return float(np.mean(agree))


def specification_curve(effect: Effect, declared: Specifications) -> Curve:
    """Every combination of the declared choices, the headline's own among them.

    Raises DesignRefused("too_many_specifications"), and what the headline itself raises.
    """
    found = {term: _attempted(effect, chosen) for term, chosen in combinations(declared, effect.declared)}
    return Curve(effect.under({}), found)


def combinations(declared: Specifications, headline: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(canonical text, choices) of each; an alternative that is what the headline chose is not counted twice."""
    if declared.count > MOST_SPECIFICATIONS:
        raise DesignRefused("too_many_specifications", count=declared.count, most=MOST_SPECIFICATIONS)
    choices = declared.choices
    values = {
        choice: {AS_DECLARED: headline[choice]} | {n: v for n, v in named.items() if v != headline[choice]}
        for choice, named in choices.items()
    }
    return [
        (
            ",".join(f"{choice}={name}" for choice, name in zip(choices, names, strict=True)),
            {choice: values[choice][name] for choice, name in zip(choices, names, strict=True)},
        )
        for names in product(*values.values())
    ]


def curve_rows(subject: Subject, curve: Curve) -> Iterator[Row]:
    """A row a specification, then how many agree with the headline, and where they lie."""
    for term, one in curve.found.items():
        if isinstance(one, Estimate):
            yield subject.estimate_row("specification", one, term)
        else:
            yield subject.refused_row("specification", one, term)
    refused = len(curve.found) - len(curve.estimates)
    for term, number, unit in (
        ("declared", len(curve.found), "count"),
        ("refused", refused, "count"),
        ("same_sign", curve.same_sign, "share"),
        ("same_answer", curve.same_answer, "share"),
        ("agreeing", curve.agreeing, "share"),
    ):
        state = checks.written([checks.specifications(number, 1.0, True)]) if term == "agreeing" else ""
        yield {**subject.row("specifications", term, estimate=float(number), checks=state), "unit": unit}
    values = [one.estimate for one in curve.estimates]
    for term, number in (("median", np.median(values)), ("lowest", min(values)), ("highest", max(values))):
        yield subject.row("specification_range", term, estimate=float(number))


def curve_check(curve: Curve, is_shown: bool) -> checks.Check:
    return checks.specifications(curve.agreeing, curve.estimated, is_shown)


def _rejects(estimate: Estimate) -> bool | None:
    """What the interval says; None where it may not be printed."""
    return None if too_few_clusters(estimate) else interval_rejects(estimate)


def _attempted(effect: Effect, chosen: Mapping[str, Any]) -> Estimate | DesignRefused:
    try:
        return effect.under(chosen)
    except DesignRefused as refusal:
        return refusal
