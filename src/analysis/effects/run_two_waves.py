"""All rows of the outcomes that a survey of two waves measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.answers import Answers, answers, arms
from analysis.effects.balance import balance
from analysis.effects.beside_print import beside_print
from analysis.effects.columns import outcome_values, population_rows
from analysis.effects.cross_sections import change_between_samples, classical_se
from analysis.effects.estimate import Estimate
from analysis.effects.families import Member, adjusted_p
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.refusal import DesignRefused
from analysis.effects.response import differential_attrition
from analysis.effects.rows import Row, Subject, balance_row, unit_of
from analysis.effects.two_waves import Change, difference_in_changes, estimated_change
from analysis.effects.verdict import interval_rejects, p_rejects, verdict
from analysis.study.design_settings import TwoWaves
from analysis.study.settings import Inference, Outcome, Published

EVERYBODY = ""


@dataclass
class Measured:
    """An outcome in a population: its estimate, by group the answers it rests on and their change."""

    subject: Subject
    estimate: Estimate
    answers: dict[str, Answers]
    changes: dict[str, Change]
    adjusted: dict[str, float] = field(default_factory=dict)

    names: list[pd.Index] = field(default_factory=list)  # of the people, in the order of the estimate's influence

    @property
    def has_comparison(self) -> bool:
        return EVERYBODY not in self.changes

    @property
    def people(self) -> pd.Index:
        first, *others = self.names
        return first.append(others)


def estimate_two_waves(
    panel: pd.DataFrame, outcomes: Mapping[str, Outcome], designs: Mapping[str, TwoWaves], inference: Inference
) -> dict[str, list[Row]]:
    """Rows of the results table by outcome; ``panel`` holds a row a person and wave.

    All outcomes at once, because those of one family are judged together.
    """
    rows: dict[str, list[Row]] = {name: [] for name in outcomes}
    families: dict[tuple[str, str], list[Measured]] = {}
    for name, outcome in outcomes.items():
        for population in outcome.populations:
            subject = Subject(outcome.chapter, name, population, outcome.design, unit_of(outcome.unit))
            try:
                members = panel.loc[population_rows(panel, population)]
                one = measured(subject, members, designs[outcome.design], inference.level)
            except DesignRefused as refusal:
                rows[name].append(subject.refused_row("effect", refusal))
                continue
            families.setdefault((outcome.family or f"alone {name}", population), []).append(one)
    for (family, _), members_of in families.items():
        if not family.startswith("alone "):
            _adjust(members_of, designs[members_of[0].subject.design])
        for one in members_of:
            rows[one.subject.outcome] += _rows(one, inference)
            if (published := outcomes[one.subject.outcome].published) is not None:
                rows[one.subject.outcome] += beside_print(one.subject, published, _printed(one, published))
    return rows


def measured(subject: Subject, members: pd.DataFrame, design: TwoWaves, level: float) -> Measured:
    """The estimate of one outcome among ``members``, with its groups; DesignRefused when there is none to make."""
    outcome_values(members, subject.outcome)
    groups = _groups(members, design)
    found: dict[str, Answers] = {}
    if design.unit is None:
        changes = {name: change_between_samples(group, subject.outcome, design) for name, group in groups.items()}
        names = [pd.Index(group.index) for group in groups.values()]
    else:
        found = {name: answers(group, subject.outcome, design) for name, group in groups.items()}
        changes = {name: one.change() for name, one in found.items()}
        names = [one.unit for one in found.values()]
    if EVERYBODY in changes:
        return Measured(subject, estimated_change(changes[EVERYBODY], level), found, changes, names=names)
    estimate = difference_in_changes(changes["treated"], changes["comparison"], level)
    return Measured(subject, estimate, found, changes, names=names)


def _groups(members: pd.DataFrame, design: TwoWaves) -> dict[str, pd.DataFrame]:
    if design.treated is None:
        return {EVERYBODY: members}
    inside, outside = arms(members, design)
    if inside.empty or outside.empty:
        raise DesignRefused("no_treated" if inside.empty else "no_comparison")
    return {"treated": inside, "comparison": outside}


def _printed(one: Measured, published: Published) -> Estimate:
    """Our estimate with the standard error of least squares, where that is what stands in print."""
    if published.standard_errors == "classical" and not one.answers:
        return replace(one.estimate, se=classical_se(list(one.changes.values())))
    return one.estimate


def _adjust(family: list[Measured], design: TwoWaves) -> None:
    """The p-values of a family, corrected for the number of its outcomes."""
    members = [Member(one.estimate, one.people) for one in family]
    for name, values in adjusted_p(members, design.draws, design.seed).items():
        for one, p in zip(family, values, strict=True):
            one.adjusted[name] = float(p)


def _rows(one: Measured, inference: Inference) -> Iterator[Row]:
    estimate, subject = one.estimate, one.subject
    gates = _gates(one)
    tests = [interval_rejects(estimate)]
    if one.adjusted:
        tests.append(p_rejects(one.adjusted["holm"], inference.level))
    said = {"verdict": verdict(tests, gates), "checks": checks.written(gates)}
    seen = minimum_detectable_effect(estimate.se, estimate.df, inference.level, inference.power)
    if one.has_comparison:
        yield subject.estimate_row("effect", estimate, mde=seen, **said)
    else:
        yield _change_row(subject, EVERYBODY, one.changes[EVERYBODY], inference.level, mde=seen, **said)
    for name, p in one.adjusted.items():
        yield {**subject.row("p_adjusted", name, estimate=p, n=estimate.n, n_treated=estimate.n_treated), "unit": "p"}
    for group, change in one.changes.items():
        yield from _means(subject, group, change)
        if one.has_comparison:
            yield _change_row(subject, group, change, inference.level)
    yield from _who_left(one, inference.level)


def _gates(one: Measured) -> list[checks.Check]:
    """Size, how many answered again, whether as many in both groups, how far the weights differ."""
    if not one.answers:
        least = {name: min(change.before.count, change.after.count) for name, change in one.changes.items()}
        sizes = checks.sample_size(least.get("treated", least.get(EVERYBODY, 0)), min(least.values()))
        return [sizes, checks.single_baseline()] if one.has_comparison else [sizes]
    again = {name: float(found.again.mean()) for name, found in one.answers.items()}
    answered = {name: int(found.again.sum()) for name, found in one.answers.items()}
    effective = min(_effective_share(found) for found in one.answers.values())
    gates = [checks.answered_again(min(again.values())), checks.even_weights(effective)]
    if not one.has_comparison:
        return [checks.sample_size(answered[EVERYBODY], answered[EVERYBODY]), *gates]
    sizes = checks.sample_size(answered["treated"], answered["comparison"])
    gap = checks.differential_attrition(again["treated"] - again["comparison"])
    return [sizes, *gates, gap, checks.single_baseline()]


def _effective_share(found: Answers) -> float:
    """How many equally weighted people the answers of the second wave are worth, as a share of their number."""
    _, end, _ = found.weights()
    kept = end[end > 0]
    return float(kept.sum() ** 2 / (kept**2).sum() / len(kept))


def _means(subject: Subject, group: str, change: Change) -> Iterator[Row]:
    for wave, mean in (("baseline", change.before), ("endline", change.after)):
        term = f"{wave}_{group}" if group else wave
        se = float(np.sqrt((mean.influence**2).sum()))
        yield subject.row("mean", term, estimate=mean.mean, se=se, n=mean.count, method="two_waves")


def _change_row(subject: Subject, group: str, change: Change, level: float, **said: object) -> Row:
    """The change in one group; nobody in it is compared with the others."""
    return subject.estimate_row("change", estimated_change(change, level), group, n_treated=None, **said)


def _who_left(one: Measured, level: float) -> Iterator[Row]:
    """The share that answered again, by group; how those who did differ from those who did not."""
    for group, found in one.answers.items():
        base = one.subject.row("rate", f"again_{group}" if group else "again", method="two_waves")
        yield {**base, "unit": "share", "estimate": float(found.again.mean()), "n": len(found.again)}
        if 1 < found.again.sum() < len(found.again) - 1:
            compared = balance(found.known, found.again, np.ones(len(found.again)))
            for name, value in zip(compared.names, compared.difference_before, strict=True):
                term = f"{name}_{group}" if group else name
                counts = {"n": len(found.again), "n_treated": int(found.again.sum())}
                yield balance_row(one.subject, "balance_leavers", term, value, **counts)
    if one.has_comparison and one.answers:
        yield _differential(one, level)


def _differential(one: Measured, level: float) -> Row:
    """How many more were lost of those who take part than of the others, with the interval."""
    again = np.concatenate([found.again for found in one.answers.values()])
    takes_part = np.arange(len(again)) < len(one.answers["treated"].again)
    found = differential_attrition(again, takes_part, level)
    numbers = {"estimate": found.difference, "ci_low": found.ci_low, "ci_high": found.ci_high, "p": found.p}
    counts = {"n": found.n + found.n_other, "n_treated": found.n}
    return {**one.subject.row("differential_attrition", method="newcombe", **numbers, **counts), "unit": "share"}
