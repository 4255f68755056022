"""One effect from those of several populations or outcomes, as the study declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.columns import ROUNDING
from analysis.effects.pooling import METHOD, Pooled, pool
from analysis.effects.populations import people_of
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, unit_of
from analysis.effects.verdict import verdict
from analysis.study.design_settings import Design
from analysis.study.settings import Inference, Outcome

POPULATION = "pooled"
Place = tuple[str, str]  # outcome, population


def pooled_rows(
    rows: list[Row],
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    tables: Mapping[str, pd.DataFrame],
    inference: Inference,
) -> list[Row]:
    """For each outcome with ``pooled``, from the ``effect`` rows among ``rows``: ``pooled`` (population ``pooled``),
    ``heterogeneity`` (term tau2, i2, q, q_p, prediction_low, prediction_high), and what was pooled (``pooled_part``,
    ``pooled_weight``)."""
    effects = {
        (str(row["outcome"]), str(row["population"])): row
        for row in rows
        if row["measure"] == "effect" and not row["term"]
    }
    found: list[Row] = []
    for name, outcome in outcomes.items():
        if not outcome.pooled:
            continue
        subject = Subject(outcome.chapter, name, POPULATION, outcome.design, unit_of(outcome.unit))
        try:
            places = _places(name, outcome, outcomes)
            _refuse_overlap(places, outcomes, designs, tables)
            found += _pooled(subject, [effects.get(place) for place in places], places, inference)
        except DesignRefused as refusal:
            found.append(subject.refused_row("pooled", refusal))
    return found


def _places(name: str, outcome: Outcome, outcomes: Mapping[str, Outcome]) -> list[Place]:
    """What is pooled: populations of this outcome, or other outcomes in their first population."""
    if len(set(outcome.pooled)) < len(outcome.pooled):
        raise DesignRefused("pooled_twice")
    places = []
    for one in outcome.pooled:
        if one in outcome.populations:
            places.append((name, one))
        elif one in outcomes:
            if outcomes[one].unit != outcome.unit:
                raise DesignRefused("pooled_units", name=one)
            places.append((one, outcomes[one].populations[0]))
        else:
            raise DesignRefused("pooled_unknown", name=one)
    return places


def _refuse_overlap(
    places: list[Place],
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Effects that rest on the same people are not independent. Those of different tables are taken to be."""
    counted: dict[str, np.ndarray] = {}
    for name, population in places:
        table = outcomes[name].table
        if table not in tables:
            continue
        mine = people_of(tables[table], population, designs[outcomes[name].design])
        counted[table] = mine if table not in counted else np.concatenate([counted[table], mine])
        if len(np.unique(counted[table])) < len(counted[table]):
            raise DesignRefused("pooled_overlap", name=population)


def _pooled(subject: Subject, parts: list[Row | None], places: list[Place], inference: Inference) -> Iterator[Row]:
    for part, (name, population) in zip(parts, places, strict=True):
        if part is None or not _number(part, "se") > ROUNDING * abs(_number(part, "estimate")):
            raise DesignRefused("pooled_without_error", name=f"{name}, {population}")
    whole = [part for part in parts if part is not None]
    found = pool([_number(p, "estimate") for p in whole], [_number(p, "se") for p in whole], inference.level)
    gates = [
        checks.pooled_parts(str(part.get("verdict", "")) for part in whole), checks.pooled_number(len(whole)),
        checks.consistent(found.inconsistency, found.p),
    ]  # fmt: skip
    counts: Row = {}
    if all(isinstance(part.get("n"), int) and isinstance(part.get("n_treated"), int) for part in whole):
        counts = {key: sum(int(str(part[key])) for part in whole) for key in ("n", "n_treated")}
    numbers_of = {name: getattr(found, name) for name in ("estimate", "se", "df", "ci_low", "ci_high")}
    tests = [not found.ci_low <= 0 <= found.ci_high]
    said = {"verdict": verdict(tests, gates), "checks": checks.written(gates), "method": METHOD}
    terms = ["/".join(place) for place in places]
    note = noted([("pooled", "|".join(terms)), ("weights", "|".join(f"{w:.6f}" for w in found.weights))])
    pooled = subject.row("pooled", **numbers_of, **counts, **said, note=note)
    return iter([pooled, *_heterogeneity(subject, found, counts), *_parts(subject, whole, terms, found.weights)])


def _parts(subject: Subject, parts: list[Row], terms: list[str], weights: Sequence[float]) -> Iterator[Row]:
    """``pooled_part`` (the effects pooled) and ``pooled_weight``, term ``<outcome>/<population>``."""
    kept = ("estimate", "se", "ci_low", "ci_high", "n", "n_treated", "verdict")
    for part, term, weight in zip(parts, terms, weights, strict=True):
        values = {name: part[name] for name in kept if name in part}
        yield subject.row("pooled_part", term, **values)
        counts = {name: part[name] for name in ("n", "n_treated") if name in part}
        yield {**subject.row("pooled_weight", term, estimate=weight, **counts), "unit": "share"}


def _heterogeneity(subject: Subject, found: Pooled, counts: Row) -> Iterator[Row]:
    for term, value, unit in (
        ("tau2", found.between, "ratio"), ("i2", found.inconsistency, "share"),
        ("q", found.heterogeneity, "ratio"), ("q_p", found.p, "p"),
        ("prediction_low", found.prediction[0], subject.unit), ("prediction_high", found.prediction[1], subject.unit),
    ):  # fmt: skip
        if np.isfinite(value):
            yield {**subject.row("heterogeneity", term, estimate=value, **counts), "unit": unit}


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float | np.floating) else float("nan")
