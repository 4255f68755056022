"""Estimates as rows of the results table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.effects.checks import FEWEST_CLUSTERS, FEWEST_DF, Check, written
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused

Row = dict[str, object]
UNITS = {"pp": "share"}


@dataclass(frozen=True)
class Subject:
    """What the rows are about."""

    chapter: str
    outcome: str
    population: str
    design: str
    unit: str

    def row(self, measure: str, term: object = "", **values: object) -> Row:
        keys = {name: getattr(self, name) for name in ("chapter", "outcome", "population", "design", "unit")}
        return {**keys, "measure": measure, "term": str(term), **values}

    def estimate_row(self, measure: str, estimate: Estimate, term: object = "", **values: object) -> Row:
        return self.row(measure, term, **{**printed(estimate), **values})

    def refused_row(self, measure: str, refusal: DesignRefused, term: object = "") -> Row:
        """A row without numbers; the note names the rule and what it found."""
        found = [("refused", refusal.rule), *refusal.params.items()]
        return self.row(measure, term, verdict="design_failed", checks="design:fail", note=noted(found))


def told(row: Row) -> Row:
    """The row; where its number cannot be had it says so, and carries none."""
    if math.isfinite(float(str(row["estimate"]))):
        return row
    numbers = ("estimate", "se", "ci_low", "ci_high", "p")
    kept = {name: value for name, value in row.items() if name not in numbers}
    return {**kept, "note": noted([("refused", DesignRefused("not_measurable").rule)])}


def balance_row(subject: Subject, measure: str, covariate: str, difference: float, **values: object) -> Row:
    """A standardised difference; one between groups that have a value each is infinite, and refused by name."""
    if math.isinf(difference):
        return subject.refused_row(measure, DesignRefused("groups_apart", covariate=covariate), covariate)
    return told({**subject.row(measure, covariate, estimate=float(difference), **values), "unit": "sd"})


def is_refused(row: Row) -> bool:
    """Whether the row stands without numbers for what could not be estimated."""
    return str(row.get("note") or "").startswith("refused=")


def with_check(row: Row, check: Check) -> Row:
    """The row with one check more; one that fails outranks every test."""
    said = ";".join(filter(None, [str(row.get("checks") or ""), written([check])]))
    verdict = "design_failed" if check.outcome == "fail" else row.get("verdict", "")
    return {**row, "checks": said, "verdict": verdict}


def unit_of(declared: str) -> str:
    """The results table's unit for a declared outcome unit."""
    return UNITS.get(declared, declared)


def noted(pairs: Iterable[tuple[str, object]]) -> str:
    """``name=value`` joined by semicolons (which a value may not hold)."""
    return ";".join(f"{name}={str(value).replace(';', ',')}" for name, value in pairs)


def too_few_clusters(estimate: Estimate) -> bool:
    """Fewer than FEWEST_CLUSTERS treated, or comparison, clusters: only randomisation inference may speak."""
    if estimate.clusters is None or estimate.clusters_treated is None:
        return False
    comparison = estimate.clusters - estimate.clusters_treated
    return estimate.clusters_treated < FEWEST_CLUSTERS or 0 < comparison < FEWEST_CLUSTERS


def printed(estimate: Estimate) -> Row:
    """The columns of an estimate that may be printed: with too few clusters no interval, with too few degrees of
    freedom no p-value. ``df`` is missing for the normal distribution.
    """
    row: Row = {
        "estimate": estimate.estimate,
        "n": estimate.n,
        "n_treated": estimate.n_treated,
        "clusters": estimate.clusters,
        "clusters_treated": estimate.clusters_treated,
        "baseline": estimate.baseline,
        "method": estimate.method,
        "note": ";".join(estimate.warnings),
    }
    if too_few_clusters(estimate):
        return row
    row |= {"se": estimate.se, "ci_low": estimate.ci_low, "ci_high": estimate.ci_high}
    row["df"] = estimate.df if math.isfinite(estimate.df) else math.nan
    row["p"] = estimate.p if estimate.df >= FEWEST_DF else math.nan
    return row


def band(estimate: Estimate, factor: float) -> Row:
    """The uniform band's limits."""
    if too_few_clusters(estimate) or math.isnan(factor):
        return {}
    width = factor * estimate.se
    return {"band_low": estimate.estimate - width, "band_high": estimate.estimate + width}
