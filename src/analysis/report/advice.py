"""What follows from a verdict for the project, and for a next evaluation: by rule."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.evidence import Evidence
from analysis.report.results import Result
from analysis.report.verdict_states import VERDICTS, is_in_doubt, verdict_of
from analysis.texts import text


class Advice(Evidence):
    """Recommendations and lessons in one language."""

    def recommendation(
        self, outcomes: list[str], row: Result | None, is_fragile: bool = False, populations: Sequence[str] = ()
    ) -> str:
        """What follows for the municipality from a verdict that these outcomes (in ``populations``, where they may be
        those of arms) share; ``row`` gives the numbers."""
        arms = [self.labels.arm_of(population) for population in populations] or [""] * len(outcomes)
        aims = [self._aim(outcome, arm) for outcome, arm in zip(outcomes, arms, strict=True)]
        joined = text("labels.list_and", self.language).join([", ".join(aims[:-1]), aims[-1]] if aims[1:] else aims)
        advice = self.advice(row, is_fragile)
        key = f"{advice}.{_observed(row)}" if advice == "not_shown" else advice
        words = {"aim": joined, "detectable": self._until("recommendation", row), "reasons": self._doubts(row)}
        return self._say(f"recommendation.{key}", **words).strip()

    def _aim(self, outcome: str, arm: str) -> str:
        aim = self.labels.outcome(outcome, "aim")
        if not arm:
            return aim
        return text("labels.with_arm", self.language, name=aim, arm=self.labels.named("arms", arm))

    def advice(self, row: Result | None, is_fragile: bool = False) -> str:
        """Which recommendation a result leads to."""
        state = verdict_of(row)
        if row is not None and row.measure == "change" and state in ("shown", "not_shown"):
            return "change"
        if row is None or state != "shown":
            return state
        direction = self.direction(row)
        if is_in_doubt(row):
            return f"shown_{direction}_in_doubt"
        return "shown_fragile" if is_fragile and direction == "better" else f"shown_{direction}"

    def lesson(self, outcome: str, population: str, row: Result | None) -> str:
        """What a next evaluation should do otherwise; speaks of schools or of people, as the design does."""
        state = verdict_of(row)
        if row is None or state not in VERDICTS:
            return ""
        words = {**self._names(outcome, population, row), "detectable": self._until("lesson", row)}
        if state == "design_failed":
            failures = self._failures(row)
            words |= {"reasons": "; ".join(failures)}
        if state == "inconclusive" and not all(self._sides(row)):
            state = "inconclusive_lacking"
        if row.measure == "change":
            return self._say("lesson.change", **words)
        if state == "shown":
            key = "shown_in_doubt" if is_in_doubt(row) else "shown"
            return self._say(f"lesson.{key}", **words, reasons=self._doubts(row))
        return self._say(f"lesson.{state}.{_observed(row)}", **words)

    def _doubts(self, row: Result | None) -> str:
        return "; ".join(self._reasons(row, "doubt")) if row is not None else ""

    def _until(self, where: str, row: Result | None) -> str:
        """The words on the smallest effect that could have been found; empty without a minimum detectable effect."""
        if row is None or not row.has("mde"):
            return ""
        return self._say(f"{where}.detectable", mde=self.values.amount(row, "mde"))


def _observed(row: Result | None) -> str:
    """What a design needs more of: ``schools`` or ``persons``."""
    return "schools" if row is not None and row.has("clusters") else "persons"
