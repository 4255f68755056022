"""What the makers of tables and figures get to work with, for one study in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.files import Workspace
from analysis.report.caveats import Caveats
from analysis.report.headlines import HEADLINE_ROLES, Headline, effect_id, estimated, headlines, later
from analysis.report.labels import Labels
from analysis.report.ledger import Ledger
from analysis.report.reach import reach_key
from analysis.report.results import Result, Results
from analysis.report.unit_words import worded
from analysis.report.values import Values
from analysis.report.wording import Wording
from analysis.study import Study
from analysis.study.deviations import read_deviations
from analysis.study.plan_review import Review, beside_plan, review
from analysis.texts import text

INTENTION_TO_TREAT = ("randomised", "offer", "difference_in_differences", "staggered")

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class FigureExhibit:
    """A figure with all that is said about it; ``alt`` is one sentence with the main numbers."""

    figure: Figure
    label: str
    caption: str
    alt: str
    data: pd.DataFrame
    note: str = ""


@dataclass(frozen=True)
class Content:
    study: Study
    language: str
    workspace: Workspace
    results: Results
    labels: Labels
    ledger: Ledger
    values: Values
    wording: Wording
    caveats: Caveats
    review: Review

    @classmethod
    def of(cls, study: Study, language: str, workspace: Workspace, results: Results) -> Content:
        ledger, labels = Ledger(), Labels.of(workspace, study, language)
        values = Values(study, language, results, ledger)
        wording, caveats = Wording(values, labels), Caveats(values, labels)
        reviewed = review(study, read_deviations(workspace, study.languages), estimated(results))
        return cls(study, language, workspace, results, labels, ledger, values, wording, caveats, reviewed)

    def headlines(self, chapter: str, roles: tuple[str, ...] = HEADLINE_ROLES) -> list[Headline]:
        return headlines(self.study, self.results, chapter, roles)

    def later(self, chapter: str) -> list[Headline]:
        """The headline outcomes of a chapter at the declared times after leaving."""
        return later(self.study, self.results, chapter)

    def result(self, outcome: str, population: str, measure: str = "effect", term: str = "") -> Result | None:
        """The result on a declared outcome, by the declared design."""
        return self.results.get(effect_id(self.study, outcome, population, measure, term))

    def text(self, key: str, **params: object) -> str:
        return text(worded(self.study, key), self.language, **params)

    def heading(self, outcome: str, population: str, form: str = "title") -> str:
        """An outcome's name and, where a design has several arms, the arm's; marked where the plan does not have it."""
        arm = self.labels.arm_of(population)
        name = self.labels.outcome(outcome, form)
        if arm:
            name = self.text("labels.with_arm", name=name, arm=self.labels.named("arms", arm))
        return self.marked(outcome, population, name)

    def name(self, outcome: str, population: str, row: Result | None = None) -> str:
        """An outcome as the first cell of a table's row: short name, population, moment."""
        is_change = row is not None and row.measure == "change"  # of one group: nobody else is treated
        about = self.labels.population(population) if is_change else self.population(outcome, population)
        parts = [self.labels.outcome(outcome, "short"), about]
        moment = self.results.moment(row) if row is not None else None
        if moment is not None:
            parts.append(self.text(f"labels.short_moments.{moment[0]}", count=moment[1]))
        return self.marked(outcome, population, ", ".join(parts))

    def measure(self, row: Result, key: str = "") -> str:
        """What a result is (``key`` where a measure has several): an effect is by intention to treat only where the
        design makes it one, and that of an offer is per unit of take-up."""
        kind = self.study.designs[self.study.outcomes[row.outcome].design].kind
        if row.measure == "effect" and kind not in INTENTION_TO_TREAT:
            return self.labels.named("measures", "main_estimate")
        if row.measure == "effect_participants" and kind == "offer":
            return self.labels.named("measures", "effect_per_take_up")
        return self.labels.named("measures", key or row.measure)

    def population(self, outcome: str, population: str) -> str:
        """Whom a result is about, as a title: at a threshold, only the units near it."""
        name = self.labels.population(population)
        key = reach_key(self.study.designs[self.study.outcomes[outcome].design], population)
        return self.text(f"verdicts.reach_titles.{key}", population=name) if key else name

    def title(self, outcome: str, form: str = "title") -> str:
        """An outcome's name over all its populations, marked where the plan does not have it as it is."""
        return self.marked(outcome, self.study.outcomes[outcome].populations[0], self.labels.outcome(outcome, form))

    def marked(self, outcome: str, population: str, name: str) -> str:
        """A name with what must be said of its place in the plan: beyond it, or planned as a secondary outcome."""
        state = beside_plan(self.study, outcome, population.partition(":")[0])  # arms are not planned apart
        return self.text(f"plan.mark.{state}", name=name) if state else name


def slug(name: str) -> str:
    """A name as part of a label."""
    return name.replace("_", "-")
