"""What is known of those who never take part, in a sentence by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline


def spill_over_sentences(content: Content, head: Headline) -> str:
    """Whether they changed too, and what the effect per participant assumes; empty where it was not asked."""
    parts = {"outcome": head.outcome, "population": head.population}
    row = next(iter(content.results.all(**parts, measure="spill_over")), None)
    if row is None:
        return ""
    assumed = content.text("robustness.spill_over.assumed")
    if row.is_suppressed:
        return f"{content.text('robustness.spill_over.hidden')} {assumed}"
    if row.note.startswith("refused="):
        said = content.text("robustness.spill_over.refused", reason=content.wording.refusal(row))
        return f"{said} {assumed}"
    numbers = {"estimate": content.values.amount(row)}
    if not row.has("ci_low"):
        return f"{content.text('robustness.spill_over.untested', **numbers)} {assumed}"
    numbers |= {"interval": content.values.interval(row), "mde": content.values.amount(row, "mde")}
    touched = not row.ci_low <= 0 <= row.ci_high
    said = content.text(f"robustness.spill_over.{'touched' if touched else 'untouched'}", **numbers)
    return f"{said} {content.text('robustness.spill_over.doubted') if touched else assumed}"
