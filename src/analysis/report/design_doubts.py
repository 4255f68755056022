"""What uneven trends, single units and a made-up start leave of a difference-in-differences, in sentences by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.report.verdict_states import spans_zero

AS_BEFORE = "1"  # trends after the start as uneven as they were at most before it


class DesignDoubts:
    """Sentences in one language; the words are in ``texts/catalogue/design_doubts.yml``."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def sentences(self, head: Headline) -> str:
        """All that is known of a headline; empty for a design of another kind."""
        if head.row is None or head.row.is_suppressed:
            return ""
        found = [
            self._bounds(head),
            self._drift(head, head.row),
            self._without_one(head, head.row),
            self._placebo_date(head, head.row),
            self._second(head, head.row),
            self._two_way(head),
        ]
        return " ".join(sentence for sentence in found if sentence)

    def differences(self, head: Headline) -> str:
        """Whether the effects differ between populations of the outcome that share nobody."""
        rows = self._rows(head.outcome, "interaction")
        return " ".join(self._difference(row, len(rows)) for row in rows if row.has("ci_low"))

    def _bounds(self, head: Headline) -> str:
        bounds = {row.term: row for row in self._rows(head.outcome, "honest_bound", head.population)}
        if not {"0", AS_BEFORE} <= bounds.keys() or not bounds["0"].has("ci_low"):
            return ""
        values = self.content.values
        breakdown = next(iter(self._rows(head.outcome, "breakdown", head.population)), None)
        said = {
            "effect": values.amount(bounds["0"]),
            "parallel": values.interval(bounds["0"]),
            "as_before": values.interval(bounds[AS_BEFORE]),
        }
        if breakdown is None or not breakdown.has("estimate"):
            return self._say("bounds.not_even_parallel", **said)
        shown = values.span(breakdown, "estimate", values.quantity(breakdown, "estimate"))
        return self._say("bounds.until", **said, breakdown=shown)

    def _drift(self, head: Headline, headline: Result) -> str:
        rows = self._rows(head.outcome, "undetected_drift", head.population)
        if not rows or not rows[0].has("estimate"):
            return ""
        power = self.content.values.share("inference.power")
        sentence = self._say("drift.size", drift=self.content.values.amount(rows[0], signed=False), power=power)
        state = headline.check_states.get("undetected_drift")
        return f"{sentence} {self._say(f'drift.{state}')}" if state else sentence

    def _without_one(self, head: Headline, headline: Result) -> str:
        rows = [row for row in self._rows(head.outcome, "without_cluster", head.population) if row.has("estimate")]
        if len(rows) < 2:
            return ""
        low, high = self._bare(rows[0]), self.content.values.amount(rows[-1])
        sentence = self._say("without_one.range", low=low, high=high)
        state = headline.check_states.get("leave_one_out")
        return f"{sentence} {self._say(f'without_one.{state}')}" if state else sentence

    def _placebo_date(self, head: Headline, headline: Result) -> str:
        rows = self._rows(head.outcome, "placebo_date", head.population)
        state = headline.check_states.get("placebo_date")
        if not rows or state is None or not rows[0].has("ci_low"):
            return ""
        numbers = {"estimate": self.content.values.amount(rows[0]), "interval": self.content.values.interval(rows[0])}
        return self._say(f"placebo_date.{state}", **numbers)

    def _second(self, head: Headline, headline: Result) -> str:
        rows = self._rows(head.outcome, "extended_two_way", head.population)
        state = headline.check_states.get("second_estimators")
        if not rows or state is None or not rows[0].has("estimate"):
            return ""
        return self._say(f"second.{state}", estimate=self.content.values.amount(rows[0]))

    def _two_way(self, head: Headline) -> str:
        rows = self._rows(head.outcome, "two_way_fixed_effects", head.population)
        if not rows or not rows[0].has("estimate"):
            return ""
        negative = float(dict(part.split("=") for part in rows[0].note.split(";"))["negative_weights"])
        key = "two_way.negative" if negative > 0 else "two_way.positive"
        return self._say(key, estimate=self.content.values.amount(rows[0]))

    def _difference(self, row: Result, count: int) -> str:
        labels, values = self.content.labels, self.content.values
        p = float(row.note.removeprefix("holm="))
        told_apart = p <= self.content.study.inference.level and not spans_zero(row)
        key = "differences.shown" if told_apart else "differences.not_shown"
        words = {"second": labels.population(row.population), "first": labels.population(row.term)}
        numbers = {"estimate": values.amount(row), "interval": values.interval(row)}
        corrected = self._say("differences.corrected") if count > 1 else ""
        return f"{self._say(key, **words, **numbers)} {corrected}".rstrip()

    def _bare(self, row: Result) -> str:
        return self.content.values.span(row, "estimate", self.content.values.quantity(row, "estimate"))

    def _rows(self, outcome: str, measure: str, population: str | None = None) -> list[Result]:
        rows = self.content.results.all(outcome=outcome, measure=measure)
        kept = [row for row in rows if population is None or row.population == population]
        return [row for row in kept if not row.is_suppressed]

    def _say(self, key: str, **params: object) -> str:
        return self.content.text(f"design_doubts.{key}", **params)
