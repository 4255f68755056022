"""The words a chapter's template may use: ``{{ value(...) }}``, ``{{ verdict(...) }}``, ``{{ table(...) }}``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from analysis.report.arms import joint_sentences
from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures import figures_of, make_figure
from analysis.report.content_tables import TABLES, make_table
from analysis.report.content_tables.indicators import censored, reach_sentence
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.content_tables.written import written_table
from analysis.report.design_doubts import DesignDoubts
from analysis.report.dose import dose_sentences
from analysis.report.headlines import Headline, effect_id
from analysis.report.inference_choices import inference_choices
from analysis.report.missing import Missing
from analysis.report.plan_words import plan_sentences
from analysis.report.quantities import counted
from analysis.report.results import Result
from analysis.report.sensitivity import Sensitivity
from analysis.report.specifications import specification_sentences
from analysis.report.spill_over import spill_over_sentences
from analysis.report.tables import Table
from analysis.report.take_up import take_up
from analysis.report.verdict_states import verdict_of
from analysis.study.design_settings import DifferenceInDifferences, Staggered, Weighting
from analysis.study.plan_review import beside_plan
from analysis.texts import number, school_year


class Phrases:
    """The vocabulary of one chapter; keeps the exhibits that the chapter places."""

    def __init__(self, content: Content, chapter: str) -> None:
        self.content = content
        self.exhibits: list[Table | FigureExhibit] = []
        self.placed: list[str] = []
        content.values.chapter, content.values.exhibit = chapter, ""

    def globals(self) -> dict[str, Callable[..., Any]]:
        """Name -> function, as templates call them."""
        values, wording, labels = self.content.values, self.content.wording, self.content.labels
        own = {name: getattr(self, name) for name in OWN}
        return {
            **own,
            **{name: getattr(values, name) for name in ("value", "fact", "money", "share", "day", "has")},
            **{name: getattr(wording, name) for name in SPOKEN},
            **{"label": labels.outcome, "population": labels.population, "text": self.content.text},
        }

    def result(self, result_id: str) -> Result | None:
        return self.content.results.get(result_id)

    def interval(self, result_id: str) -> str:
        row = self.result(result_id)
        return self.content.values.interval(row) if row else self.content.text("labels.no_data")

    def effect(self, outcome: str, population: str = "", measure: str = "effect", term: str = "") -> str:
        """The id of a result on a declared outcome; the first population unless told."""
        population = population or self.content.study.headline_populations(outcome)[0]
        return effect_id(self.content.study, outcome, population, measure, term)

    def heading(self, head: Headline) -> str:
        """The name of a headline's outcome and, of several arms, its arm's."""
        return self.content.heading(head.outcome, head.population)

    def headlines(self, chapter: str, *roles: str) -> list[Headline]:
        return self.content.headlines(chapter, roles) if roles else self.content.headlines(chapter)

    def later(self, chapter: str) -> list[Headline]:
        return self.content.later(chapter)

    def verdict(self, of: str | Headline) -> str:
        """The verdict sentence on a headline, or on a result by its id."""
        return self._spoken(self.content.wording.verdict, of)

    def verdict_name(self, of: str | Headline) -> str:
        """The verdict in two or three words, with a word on the doubts that the checks left."""
        return self.content.wording.verdict_in_table(of.row if isinstance(of, Headline) else self.result(of))

    def all_headlines(self) -> list[Headline]:
        return all_headlines(self.content)

    def planned_headlines(self) -> list[Headline]:
        """The headlines on which lessons and recommendations may rest: not those beyond a plan that the study has."""
        study = self.content.study
        heads = self.all_headlines()
        return [head for head in heads if beside_plan(study, head.outcome, head.population) != "exploratory"]

    def caveats(self, head: Headline) -> str:
        """What else the results say of a headline: what it counts, whether it lasts, whether it survives the checks."""
        return self.content.caveats.sentences(head)

    def sensitivity(self, head: Headline) -> str:
        """What second estimators and unrecorded causes do to a headline of a weighting design; else nothing."""
        return Sensitivity(self.content).sentences(head)

    def design_doubts(self, head: Headline) -> str:
        """What uneven trends, single units and a made-up start leave of a difference-in-differences; else nothing."""
        return DesignDoubts(self.content).sentences(head)

    def subgroup_differences(self, head: Headline) -> str:
        """Whether the effects differ between the populations of a headline's outcome; nothing without such."""
        return DesignDoubts(self.content).differences(head)

    def placebo_outcomes(self) -> list[str]:
        """The outcomes that the project cannot have changed."""
        return [name for name, outcome in self.content.study.outcomes.items() if outcome.role == "placebo"]

    def specifications(self, head: Headline) -> str:
        """What the other reasonable specifications say of a headline; nothing where none were declared."""
        return specification_sentences(self.content, head)

    def dose(self, head: Headline) -> str:
        """What the bands of the dose say beside a headline; nothing where no dose was declared."""
        return dose_sentences(self.content, head)

    def spill_over(self, head: Headline) -> str:
        """Whether those who never take part changed too; nothing where it was not asked."""
        return spill_over_sentences(self.content, head)

    def inference_choices(self) -> str:
        """How few clusters were dealt with, and which tests the study left out; nothing where neither arises."""
        return inference_choices(self.content)

    def joint_sentences(self) -> list[str]:
        """What all arms of each experiment with several show together."""
        return list(joint_sentences(self.content))

    def missing(self, head: Headline) -> str:
        """What missing data do to a headline: bounds and imputation; nothing where nothing is missing."""
        return Missing(self.content).sentences(head)

    def take_up(self, head: Headline) -> str:
        """What an offer did to the take-up; nothing for a design of another kind."""
        return take_up(self.content, head)

    def kinds(self, *chapters: str) -> set[str]:
        """The kinds of design behind the outcomes of chapters, or of the whole study; a difference-in-differences that
        is adjusted or has later starters for comparison is ``group_time``, since it is estimated otherwise."""
        study = self.content.study
        outcomes = [one for one in study.outcomes.values() if one.chapter in chapters or not chapters]
        designs = [study.designs[outcome.design] for outcome in outcomes]
        return {"group_time" if _is_group_time(design) else design.kind for design in designs}

    def uses_probit(self) -> bool:
        """Whether the propensity to take part is estimated by probit in every weighting design."""
        designs = [design for design in self.content.study.designs.values() if isinstance(design, Weighting)]
        return bool(designs) and all(design.score == "probit" for design in designs)

    def result_exists(self, chapter: str, measure: str) -> bool:
        return bool(self.content.results.all(chapter=chapter, measure=measure))

    def reproduction(self) -> str:
        """Whether our estimates repeat the printed ones to their last digit, by outcome; the failures by name."""
        rows = self.content.results.all(measure="published")
        failed = [self.content.labels.outcome(row.outcome) for row in rows if "reproduced=yes" not in row.note]
        key = "missed" if failed else "repeated"
        names = "; ".join(self.content.text("tables.tbl-published.quoted", name=name) for name in failed)
        return self.content.text(f"tables.tbl-published.{key}", names=names) if rows else ""

    def outcomes_of(self, chapter: str) -> list[str]:
        return list(self.content.study.outcomes_of(chapter))

    def lock_in(self, head: Headline) -> str:
        """Whether employment fell in the first months; nothing where the design failed, since it is judged by it."""
        if verdict_of(head.row) == "design_failed":
            return ""
        return self.content.caveats.lock_in(self.result(self.effect(head.outcome, head.population, "lock_in")))

    def reach(self, activity: str) -> str:
        """What is known of the reach of a declared activity, in a sentence."""
        return reach_sentence(self.content, activity)

    def censored(self) -> list[str]:
        """Indicators some of whose people left too near the data cut-off, each with how many."""
        return censored(self.content)

    def recommendations(self) -> list[str]:
        """What follows from the planned headlines; outcomes with the same advice, without numbers, share a sentence."""
        wording = self.content.wording
        groups: dict[tuple[str, str], tuple[bool, list[Headline]]] = {}
        for head in self.planned_headlines():
            fragile = self.content.caveats.is_fragile(head)
            advice = wording.advice(head.row, fragile)
            key = (advice, head.outcome if advice == "not_shown" else "")
            groups.setdefault(key, (fragile, []))[1].append(head)
        return [
            wording.recommendation(
                [head.outcome for head in heads], heads[0].row, fragile, [head.population for head in heads]
            )
            for fragile, heads in groups.values()
        ]

    def lesson(self, of: str | Headline) -> str:
        return self._spoken(self.content.wording.lesson, of)

    def pretrend(self, head: Headline, term: str) -> str:
        """The sentence on the years before the project, with all of them or without the pandemic ones."""
        row = self.result(self.effect(head.outcome, head.population, "pretrend", term))
        if row is None or not row.has("estimate"):
            return ""
        state = row.check_states.get("pretrend", "doubt")
        return self.content.wording.pretrend(row, state)

    def table(self, label: str, **arguments: str) -> str:
        """Place a table here: one that is made from results, or one written in ``tables.yml``; nothing where there is
        nothing to put in it."""
        self.content.values.exhibit = label
        return self._place(make_table(self.content, label, **arguments) if label in TABLES else self._written(label))

    def figure(self, label: str, **arguments: str) -> str:
        """Place a figure here; nothing where there is nothing to draw."""
        self.content.values.exhibit = label
        return self._place(make_figure(self.content, label, **arguments))

    def design_figures(self, head: Headline) -> str:
        """Place the figures that the design of a headline calls for; those for which there is nothing are left out."""
        labels = figures_of(self.content, head.outcome)
        return "".join(self.figure(label, outcome=head.outcome) for label in labels)

    def see(self, label: str) -> str:
        """A reference to an exhibit of this chapter, in brackets; nothing if the exhibit is not there."""
        return f"@@see-{label.replace('_', '-')}@@"

    def count(self, number_of: int, noun: str) -> str:
        return counted(number_of, noun, self.content.language)

    def school_year(self, start: int) -> str:
        return school_year(start)

    def number(self, value: float, digits: int = 0) -> str:
        return number(value, self.content.language, digits)

    def total_money(self, part: str) -> str:
        """The sum of an amount over all contracts, in BGN and EUR."""
        contracts = self.content.study.project.contracts
        values = self.content.values
        return values.declared(
            f"project.contracts.*.{part}", values.both_currencies(sum(getattr(c, part) for c in contracts))
        )

    def difference(self, part: str) -> str:
        """By how much the declared total of a part differs from the sum over contracts, in BGN."""
        project = self.content.study.project
        declared = getattr(project, f"declared_{part}")
        off = abs(declared - sum(getattr(contract, part) for contract in project.contracts))
        return self.content.values.declared(f"project.declared_{part}", number(off, self.content.language, 2))

    def calendar_months(self) -> int:
        """Whole calendar months from the start of the project to its end."""
        start, after = self.content.study.project.start, self.content.study.project.end + timedelta(days=1)
        return (after.year - start.year) * 12 + after.month - start.month - (after.day < start.day)

    def calendar_days(self) -> int:
        return (self.content.study.project.end - self.content.study.project.start).days + 1

    def total(self, **parts: str) -> float:
        """The sum of the counts that match, such as all rows read."""
        return sum(row.estimate for row in self.content.results.all(**parts))

    def plan_sentences(self) -> str:
        """When the plan was made, what it declares and how far it was kept; or that there is none."""
        return plan_sentences(self.content)

    def has_deviations(self) -> bool:
        """Whether the study's deviations sheet has a line."""
        return bool(self.content.review.deviations)

    def signs(self) -> list[str]:
        """The signs of the at-risk rule, in words, from the settings."""
        rule = self.content.study.education.at_risk if self.content.study.education else None
        if rule is None:
            return []
        say, values, root = self.content.text, self.content.values, "education.at_risk"
        found = []
        if rule.absence_hours_per_month is not None:
            found.append(say("labels.signs.absence", value=values.fact(f"{root}.absence_hours_per_month")))
        if rule.gpa_below is not None:
            found.append(say("labels.signs.gpa", value=values.fact(f"{root}.gpa_below")))
        if rule.repeater:
            found.append(say("labels.signs.repeater"))
        if rule.parents_at_most == "none":
            found.append(say("labels.signs.parents_none"))
        elif rule.parents_at_most is not None:
            level = self.content.labels.named("education_levels", rule.parents_at_most)
            found.append(say("labels.signs.parents", value=level))
        return found

    def _spoken(self, sentence: Callable[[str, str, Result | None], str], of: str | Headline) -> str:
        if isinstance(of, Headline):
            return sentence(of.outcome, of.population, of.row)
        _, outcome, population, *_ = of.split("/")
        return sentence(outcome, population, self.result(of))

    def _written(self, label: str) -> Table | None:
        return written_table(self.content, label, self.globals())

    def _place(self, made: Table | FigureExhibit | None) -> str:
        self.content.values.exhibit = ""
        if made is None:
            return ""
        self.exhibits.append(made)
        self.placed.append(made.label)
        return f"\n\n@@exhibit-{len(self.exhibits) - 1}@@\n\n"


def _is_group_time(design: object) -> bool:
    """Whether a difference-in-differences has covariates or later starters for comparison."""
    later = isinstance(design, Staggered) and design.comparison == "not_yet_treated"
    return later or (isinstance(design, DifferenceInDifferences | Staggered) and bool(design.covariates))


SPOKEN = ("details", "checks", "naive", "per_participant", "tally", "legend")
OWN = (
    "result",
    "interval",
    "effect",
    "heading",
    "headlines",
    "later",
    "verdict",
    "verdict_name",
    "all_headlines",
    "planned_headlines",
    "recommendations",
    "caveats",
    "sensitivity",
    "design_doubts",
    "subgroup_differences",
    "placebo_outcomes",
    "specifications",
    "dose",
    "spill_over",
    "joint_sentences",
    "inference_choices",
    "missing",
    "take_up",
    "kinds",
    "uses_probit",
    "reproduction",
    "result_exists",
    "outcomes_of",
    "lock_in",
    "reach",
    "censored",
    "lesson",
    "pretrend",
    "table",
    "figure",
    "design_figures",
    "see",
    "count",
    "school_year",
    "number",
    "total_money",
    "difference",
    "calendar_months",
    "calendar_days",
    "total",
    "signs",
    "plan_sentences",
    "has_deviations",
)
