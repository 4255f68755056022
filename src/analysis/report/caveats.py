"""What must be said beside a verdict so that it is not read for more than it is: by rule, from the other results."""

from __future__ import annotations

from analysis.report.headlines import Headline, effect_id, later
from analysis.report.labels import Labels
from analysis.report.results import Result
from analysis.report.values import Values
from analysis.report.verdict_states import verdict_of
from analysis.study.plan_review import beside_plan
from analysis.texts import text


class Caveats:
    """Sentences on the limits of a headline result in one language."""

    def __init__(self, values: Values, labels: Labels) -> None:
        self.values, self.labels = values, labels
        self.study, self.results = values.study, values.results

    def sentences(self, head: Headline) -> str:
        """All caveats on a headline; empty when there is nothing to add."""
        found = [self._beside_plan, self._what_it_counts, self._without_pandemic, self._after_exit]
        return " ".join(sentence for one in found if (sentence := one(head)))

    def is_fragile(self, head: Headline) -> bool:
        """Whether an effect that is shown is lost without the pandemic years, or by the last time after leaving."""
        if verdict_of(head.row) != "shown":
            return False
        other = self._other(head)
        return (other is not None and not self._lasts(head, other)) or self._is_lost(head)

    def lock_in(self, row: Result | None) -> str:
        """Whether employment fell in the first months, judged by the band that holds at whichever month was lowest.

        Where it is not seen to have fallen, what the outcome counts is said again: it may hide a fall.
        """
        if row is None or row.is_suppressed or not row.has("estimate"):
            return ""
        low, high = ("band_low", "band_high") if row.has("band_low") else ("ci_low", "ci_high")
        if not row.has(high):
            return ""
        state = "none" if row.estimate >= 0 else "shown" if getattr(row, high) < 0 else "not_shown"
        interval = self.values.interval(row, low, high)
        sentence = self._say(f"lock_in.{state}", estimate=self.values.amount(row), interval=interval)
        hidden = self.labels.caution(row.outcome) if state != "shown" else ""
        return f"{sentence} {hidden}".rstrip()

    def _beside_plan(self, head: Headline) -> str:
        state = beside_plan(self.study, head.outcome, head.population)
        return text(f"plan.caveat.{state}", self.values.language) if state else ""

    def _what_it_counts(self, head: Headline) -> str:
        return self.labels.caution(head.outcome) if verdict_of(head.row) == "shown" else ""

    def _without_pandemic(self, head: Headline) -> str:
        other, ours = self._other(head), verdict_of(head.row)
        if other is None or "shown" not in (ours, verdict_of(other)):
            return ""
        state = "kept" if self._lasts(head, other) and ours == "shown" else "lost" if ours == "shown" else "gained"
        numbers = {"estimate": self.values.amount(other), "interval": self.values.interval(other)}
        return self._say(f"without_pandemic.{state}", **numbers)

    def _after_exit(self, head: Headline) -> str:
        rows = self._later(head)
        if verdict_of(head.row) != "shown" or not rows:
            return ""
        lasting = [row for row in rows if self._lasts(head, row)]
        gone = [row for row in rows if not self._lasts(head, row)]
        if not (lasting and gone):
            return self._say("after_exit.kept" if lasting else "after_exit.lost")
        return self._say("after_exit.partly", shown=self._moments(lasting), not_shown=self._moments(gone))

    def _moments(self, rows: list[Result]) -> str:
        """„6 months after leaving the operation“, joined by „and“."""
        language = self.values.language
        named = [text("labels.moments.after_exit", language, count=int(row.term)) for row in rows]
        return text("labels.list_and", language).join(named)

    def _is_lost(self, head: Headline) -> bool:
        """Whether the last time after leaving shows no effect any more."""
        rows = self._later(head)
        return bool(rows) and not self._lasts(head, rows[-1])

    @staticmethod
    def _lasts(head: Headline, row: Result) -> bool:
        """Whether a later result shows an effect that goes the headline's way."""
        return verdict_of(row) == "shown" and head.row is not None and (row.estimate > 0) == (head.row.estimate > 0)

    def _later(self, head: Headline) -> list[Result]:
        chapter = self.study.outcomes[head.outcome].chapter
        found = [other.row for other in later(self.study, self.results, chapter) if other.outcome == head.outcome]
        return [row for row in found if row is not None]

    def _other(self, head: Headline) -> Result | None:
        other = self.results.get(effect_id(self.study, head.outcome, head.population, "effect_without_pandemic"))
        return other if other is not None and other.has("ci_low") else None

    def _say(self, key: str, **params: object) -> str:
        return text(f"verdicts.caveats.{key}", self.values.language, **params)
