"""What missing data do to a headline: bounds and imputation, in sentences by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.report.verdict_states import REFUSED

# the measure beside which an imputed estimate stands, by its term
BESIDE = {"": "effect", "adjusted": "effect_adjusted"}


class Missing:
    """Sentences in one language; the words are in ``texts/catalogue/missing.yml``."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def sentences(self, head: Headline) -> str:
        """All that is known; empty when nothing is missing, or when the headline itself is hidden or refused."""
        if head.row is None or head.row.is_suppressed or not head.row.has("estimate"):
            return ""
        found = [self._bounds(head, head.row), *(self._imputed(head, term) for term in BESIDE)]
        return " ".join(dict.fromkeys(sentence for sentence in found if sentence))

    def _bounds(self, head: Headline, headline: Result) -> str:
        refused = self._row(head, "lee_bounds", "")
        if refused is not None:
            return self._say("lee.refused", reason=self.content.wording.refusal(refused)).rstrip()
        low, high = (self._row(head, "lee_bounds", term) for term in ("low", "high"))
        if low is None or high is None or low.is_suppressed or high.is_suppressed:
            return ""
        unequal = headline.check_states.get("outcome_known") in ("doubt", "fail")
        lead = self._say("lee.unequal" if unequal else "lee.equal")
        words = {"low": self.content.values.amount(low), "high": self.content.values.amount(high)}
        bounds = self._say("lee.bounds", **words, interval=self._interval("lee.interval", low))
        return f"{lead} {bounds}; {self._say(f'lee.{_against_zero(low, high)}')}"

    def _imputed(self, head: Headline, term: str) -> str:
        row = self._row(head, "imputed", term)
        before = self.content.result(head.outcome, head.population, BESIDE[term])
        if row is None or row.is_suppressed or before is None:
            return ""
        if row.note.startswith(REFUSED):
            return self._say("imputed.refused", reason=self.content.wording.refusal(row)).rstrip()
        noted = dict(part.split("=", 1) for part in row.note.split(";") if "=" in part)
        count = self.content.values.number_cell(row, "note", float(noted["m"]), 0).text
        words = {"estimate": self.content.values.amount(row), "interval": self._interval("imputed.interval", row)}
        lead = self._say(f"imputed.{term or 'plain'}", m=count)
        return self._say(f"imputed.{'same' if agree(before, row) else 'other'}", lead=lead, **words)

    def _interval(self, key: str, row: Result) -> str:
        if not row.has("ci_low"):
            return ""
        level = round(100 * (1 - self.content.study.inference.level))
        return self._say(key, level=level, interval=self.content.values.interval(row))

    def _row(self, head: Headline, measure: str, term: str) -> Result | None:
        return self.content.result(head.outcome, head.population, measure, term)

    def _say(self, key: str, **params: object) -> str:
        return self.content.text(f"missing.{key}", **params)


def agree(before: Result, after: Result) -> bool:
    """Whether two estimates have one sign and one answer to "no effect", as far as both have an interval."""
    if (before.estimate > 0) != (after.estimate > 0):
        return False
    if not (before.has("ci_low") and after.has("ci_low")):
        return True
    return _leaves_out_zero(before.ci_low, before.ci_high) == _leaves_out_zero(after.ci_low, after.ci_high)


def _against_zero(low: Result, high: Result) -> str:
    if not _leaves_out_zero(low.estimate, high.estimate):
        return "include"
    if not low.has("ci_low"):
        return "bounds_alone"
    return "leave_out" if _leaves_out_zero(low.ci_low, low.ci_high) else "barely"


def _leaves_out_zero(low: float, high: float) -> bool:
    return not low <= 0 <= high
