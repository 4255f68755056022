"""What second estimators and unrecorded causes do to a headline of a weighting design, in sentences by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.employment import covariate_name
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.study.design_settings import Weighting


class Sensitivity:
    """Sentences in one language; the words are in ``texts/catalogue/sensitivity.yml``."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def sentences(self, head: Headline) -> str:
        """All that is known; empty for a design of another kind, or when nothing was estimated."""
        design = self.content.study.designs[self.content.study.outcomes[head.outcome].design]
        if not isinstance(design, Weighting) or head.row is None or head.row.is_suppressed:
            return ""
        found = [
            self._say("estimand.ate") if design.estimand == "ate" else "",
            self._trimmed(head),
            self._spread(head, head.row),
            self._unrecorded(head, head.row),
            self._benchmark(head, head.row),
            self._pseudo(head, head.row),
        ]
        return " ".join(sentence for sentence in found if sentence)

    def _trimmed(self, head: Headline) -> str:
        row = self._row(head, "overlap", "trimmed")
        return "" if row is None else self._say("trimmed", count=self._bare(row))

    def _spread(self, head: Headline, headline: Result) -> str:
        rows = [row for row in self._rows(head, "alternative") if row.has("estimate") and not row.is_suppressed]
        state = headline.check_states.get("second_estimators")
        if len(rows) < 2 or state is None:
            return ""
        low, high = (chosen(rows, key=lambda row: row.estimate) for chosen in (min, max))
        kind = "agree" if state == "pass" else "differ"
        return self._say(f"spread.{kind}", low=self._bare(low), high=self.content.values.amount(high))

    def _unrecorded(self, head: Headline, headline: Result) -> str:
        state = headline.check_states.get("unrecorded_causes")
        if state is None:
            return ""
        numbers = {
            "point": self._number(head, "e_value", "point"),
            "limit": self._number(head, "e_value", "limit"),
            "zero": self._number(head, "robustness_value", "zero"),
            "level": self._number(head, "robustness_value", "level"),
            "gamma": self._number(head, "rosenbaum", ""),
            "delta": self._number(head, "oster", ""),
        }
        return f"{self._say('unrecorded.numbers', **numbers)} {self._say(f'unrecorded.{state}')}"

    def _benchmark(self, head: Headline, headline: Result) -> str:
        rows = self._rows(head, "benchmark")
        if not rows or rows[0].is_suppressed or "unrecorded_causes" not in headline.check_states:
            return ""
        kind = "stands" if "stands=yes" in rows[0].note else "falls"
        name = covariate_name(self.content, rows[0].term)
        return self._say(f"benchmark.{kind}", covariate=name, adjusted=self.content.values.amount(rows[0]))

    def _pseudo(self, head: Headline, headline: Result) -> str:
        state = headline.check_states.get("pseudo_outcomes")
        if state is None:
            return ""
        values = self.content.values
        said = [
            self._say(
                "pseudo.numbers",
                covariate=covariate_name(self.content, row.term),
                estimate=values.amount(row),
                interval=values.interval(row),
            )
            for row in self._rows(head, "pseudo_outcome")
            if row.has("ci_low") and not row.is_suppressed
        ]
        return " ".join([*said, self._say(f"pseudo.{state}")])

    def _number(self, head: Headline, measure: str, term: str) -> str:
        row = self._row(head, measure, term)
        return self.content.text("labels.no_data") if row is None else self._bare(row)

    def _bare(self, row: Result) -> str:
        """The number of a row without its unit."""
        if row.is_suppressed:
            return self.content.text("labels.hidden")
        if not row.has("estimate"):
            return self.content.text("labels.no_data")
        return self.content.values.span(row, "estimate", self.content.values.quantity(row, "estimate"))

    def _row(self, head: Headline, measure: str, term: str) -> Result | None:
        return next((row for row in self._rows(head, measure) if row.term == term), None)

    def _rows(self, head: Headline, measure: str) -> list[Result]:
        return self.content.results.all(outcome=head.outcome, population=head.population, measure=measure)

    def _say(self, key: str, **params: object) -> str:
        return self.content.text(f"sensitivity.{key}", **params)
