"""Which result stands for an outcome: the one the summary, the verdict and the recommendation speak of."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.files import result_id
from analysis.report.results import Result, Results
from analysis.study import Study
from analysis.study.plan_review import HEADLINE_ROLES

HEADLINE_MEASURES = ("effect", "change")
ESTIMATED = ("education", "employment", "other")


@dataclass(frozen=True)
class Headline:
    """An outcome in a population, and its result if there is one."""

    outcome: str
    population: str
    row: Result | None

    @property
    def id(self) -> str:
        return self.row.result_id if self.row else ""


def effect_id(study: Study, outcome: str, population: str, measure: str = "effect", term: str = "") -> str:
    """The id under which the estimators file a result of a declared outcome."""
    declared = study.outcomes[outcome]
    return result_id(declared.chapter, outcome, population, declared.design, measure, term)


def headline_result(study: Study, results: Results, outcome: str, population: str) -> Result | None:
    """The effect on an outcome; where nobody was compared with, the change."""
    found = (results.get(effect_id(study, outcome, population, measure)) for measure in HEADLINE_MEASURES)
    return next((row for row in found if row is not None), None)


def estimated(results: Results) -> set[tuple[str, str]] | None:
    """The (outcome, population) pairs with an effect or a change; None before anything was estimated."""
    found = results.all(chapter=ESTIMATED, measure=HEADLINE_MEASURES)
    return {(row.outcome, row.population) for row in found} or None


def headlines(study: Study, results: Results, chapter: str, roles: tuple[str, ...] = HEADLINE_ROLES) -> list[Headline]:
    """The headline results of a chapter in declared order: each outcome in its first population
    (with several arms, each of them).

    An outcome without any result stays, with no row, so that the report says so.
    """
    return [
        Headline(name, population, headline_result(study, results, name, population))
        for name, outcome in study.outcomes_of(chapter).items()
        if outcome.role in roles
        for population in study.headline_populations(name)
    ]


def later(study: Study, results: Results, chapter: str) -> list[Headline]:
    """The headline outcomes of a chapter at the declared times after leaving, where there are such results."""
    found = []
    for head in headlines(study, results, chapter):
        for months in study.employment.after_exit if study.employment else []:
            row = results.get(effect_id(study, head.outcome, head.population, "after_exit", str(months)))
            if row is not None:
                found.append(Headline(head.outcome, head.population, row))
    return found
