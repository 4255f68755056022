"""What every sentence on a result is made of: the names it speaks of, the direction, the size, the words themselves."""

from __future__ import annotations

from analysis.report.labels import Labels
from analysis.report.reach import reach_key
from analysis.report.results import Result
from analysis.report.unit_words import worded
from analysis.report.values import Values
from analysis.study.design_settings import Offer
from analysis.study.settings import Outcome
from analysis.texts import text
from analysis.texts.formats import NBSP

PROVING = ("randomised",)  # kinds of design whose comparison holds by construction
UNCONTROLLED = "uncontrolled"  # a change that nobody was compared with


class Spoken:
    """The parts of sentences in one language; the sentences are in ``texts/catalogue/verdicts.yml``."""

    def __init__(self, values: Values, labels: Labels) -> None:
        self.values, self.labels, self.language = values, labels, values.language
        self.level = values.study.inference.level
        self.outcomes = values.study.outcomes

    def strength(self, row: Result) -> str:
        """How much a shown effect may claim: ``randomised`` proves, ``observational`` rests on its assumptions."""
        if row.measure == "change":
            return UNCONTROLLED
        design = self.values.study.designs.get(row.design)
        return "randomised" if design is not None and design.kind in PROVING else "observational"

    def direction(self, row: Result) -> str:
        """``better`` or ``worse`` for those concerned."""
        falls = row.estimate < 0
        outcome = self.outcomes.get(row.outcome)
        return "better" if falls == (outcome is None or outcome.better == "lower") else "worse"

    def by(self, row: Result, field: str = "estimate") -> str:
        """The size of a change as each language says it: ``с 2,8 процентни пункта``, ``2.8 percentage points``."""
        shown = self.values.quantity(row, field, signed=False).text
        key = "labels.by_before_s" if read_with_s(shown) else "labels.by"
        return text(key, self.language, amount=self.values.amount(row, field, signed=False))

    def _interval(self, row: Result) -> dict[str, object]:
        return {"level": round(100 * (1 - self.level)), "interval": self.values.interval(row)}

    def _names(self, outcome: str, population: str, row: Result | None) -> dict[str, str]:
        phrase = self.labels.population(population, "phrase")
        declared = self.outcomes.get(outcome)
        key = reach_key(self.values.study.designs[declared.design], population) if declared else ""
        if key and not (row is not None and row.measure == "change"):
            phrase = self._say(f"reach.{key}", population=phrase)
        moment = self.values.results.moment(row) if row is not None else None
        if moment is not None:
            phrase += " " + text(f"labels.moments.{moment[0]}", self.language, count=moment[1])
        forms = {form: self.labels.outcome(outcome, form) for form in ("subject", "object")}
        return {**forms, "population": phrase, "cause": self._cause(declared)}

    def _cause(self, declared: Outcome | None) -> str:
        """What an effect on the outcome is of: the project; where none is evaluated, the offer or the treatment."""
        study = self.values.study
        if study.is_of_a_project:
            return self._say("cause.project")
        is_offer = declared is not None and isinstance(study.designs[declared.design], Offer)
        return self._say(f"cause.{'offer' if is_offer else 'treatment'}")

    def _say(self, key: str, **params: object) -> str:
        said = text(worded(self.values.study, f"verdicts.{key}"), self.language, **params)
        return said.replace("г..", "г.")  # a unit that ends as an abbreviation does („долара от 1978 г.“)


def read_with_s(shown: str) -> bool:
    """Whether the number is read with „с“ first (седем, седемнадесет, сто), so that „с“ before it becomes „със“."""
    lead = shown.lstrip("+\u2212").split(",")[0].split(NBSP)[0]
    value = int(lead) if lead.isdigit() else 0
    if 1000 <= value < 10_000:
        value //= 1000
        return value == 7
    return value in (7, 17) or 70 <= value < 80 or 100 <= value < 200 or 700 <= value < 800
