"""What the bands of the dose say beside a headline, in sentences by rule: never an effect unless lots were drawn."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.texts import number


def dose_name(content: Content, outcome: str) -> str:
    """What the declared dose is called."""
    dose = content.study.outcomes[outcome].dose
    return content.labels.named("doses", dose.column) if dose is not None else ""


def band_name(content: Content, term: str) -> str:
    """A band in words: ``до 3``, ``над 3 до 6``, ``над 6``."""
    if term.endswith("+"):
        return content.text("robustness.dose.above", low=number_of(content, term[:-1]))
    low, high = (number_of(content, end) for end in term.split("-"))
    return content.text(f"robustness.dose.{'up_to' if term.startswith('0-') else 'between'}", low=low, high=high)


def number_of(content: Content, written: str) -> str:
    return number(float(written), content.language, len(written.partition(".")[2]))


def dose_sentences(content: Content, head: Headline) -> str:
    """The effect by band, whether it follows the dose, and why that is no effect of the dose; empty without a dose."""
    bands, trend = _rows(content, head, "dose"), next(iter(_rows(content, head, "dose_trend")), None)
    if not bands or head.row is None:
        return ""
    refused = next((row for row in bands if not row.term), None)
    if refused is not None:
        return content.text("robustness.dose.refused", reason=content.wording.refusal(refused))
    name = dose_name(content, head.outcome)
    amounts = [f"{band_name(content, row.term)} – {content.values.amount(row)}" for row in bands]
    found = [content.text("robustness.dose.bands", dose=name, bands="; ".join(amounts))]
    found.append(_trend(content, trend))
    assigned = trend is not None and "dose=assigned" in trend.note
    found.append(content.text(f"robustness.dose.{'assigned' if assigned else 'chosen'}"))
    state = trend.check_states.get("dose_trend") if trend is not None else None
    if trend is not None and trend.has("ci_low") and state in ("doubt", "fail"):
        found.append(content.text(f"robustness.dose.{state}"))
    return " ".join(found)


def _trend(content: Content, trend: Result | None) -> str:
    if trend is None or not trend.has("ci_low"):
        return content.text("robustness.dose.untested")
    key = "flat" if trend.ci_low <= 0 <= trend.ci_high else "follows"
    numbers = {"estimate": content.values.amount(trend), "interval": content.values.interval(trend)}
    return content.text(f"robustness.dose.{key}", **numbers)


def _rows(content: Content, head: Headline, measure: str) -> list[Result]:
    return content.results.all(outcome=head.outcome, population=head.population, measure=measure)
