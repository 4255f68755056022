"""What may be said of a row at all: its verdict, whether a doubt stands beside it, whether its interval holds zero."""

from __future__ import annotations

from analysis.report.results import Result

VERDICTS = ("shown", "not_shown", "inconclusive", "design_failed")
REFUSED = "refused="


def verdict_of(row: Result | None) -> str:
    """One of VERDICTS, or ``absent`` (no row or number), ``suppressed``, or ``refused`` by the estimator.

    Whatever the row says of itself, a failed check fails it, and nothing is shown by an interval that holds zero.
    """
    if row is not None and row.is_suppressed:
        return "suppressed"
    if row is not None and row.note.startswith(REFUSED):
        return "refused"
    if row is None or row.verdict not in VERDICTS or not row.has("estimate"):
        return "absent"
    if "fail" in row.check_states.values():
        return "design_failed"
    return "inconclusive" if row.verdict == "shown" and spans_zero(row) else row.verdict


def is_in_doubt(row: Result | None) -> bool:
    """Whether a check left a doubt beside an effect (or a change) that is shown."""
    return row is not None and verdict_of(row) == "shown" and "doubt" in row.check_states.values()


def spans_zero(row: Result) -> bool:
    """Whether the interval holds zero; an interval that is not there holds nothing."""
    return row.has("ci_low") and row.has("ci_high") and row.ci_low <= 0 <= row.ci_high
