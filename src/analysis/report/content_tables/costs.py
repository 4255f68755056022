"""Tables of what the project cost; where there is no cost per unit of an effect, the reason stands in its place."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled
from analysis.report.results import Result
from analysis.report.tables import Cell, Row, Table, body, group, number_cell
from analysis.texts import has_text

CHAPTER = "costs"


def participants(content: Content) -> Table | None:
    """Spending of each contract, and per participant with and without management, in BGN and EUR."""
    rows: list[Row] = []
    for contract in content.study.project.contracts:
        lines = []
        for outcome, measure, terms in SPENT:
            for term in terms:
                row = content.results.get(f"{CHAPTER}/{outcome}/{contract.code}/-/{measure}/{term}")
                if row is not None:
                    lines.append(body(content.text(f"costs.{outcome}.{term}"), *_money(content, row)))
        rows += [group(contract.programme[content.language]), *lines] if lines else []
    return titled(content, "tbl-costs", ["quantity", "bgn", "eur"], rows) if rows else None


SPENT = (("spending", "total", ("total", "management")), ("participant", "ratio", ("direct", "with_management")))


def activities(content: Content) -> Table | None:
    """Planned and spent on each declared activity, per person and per hour."""
    settings = content.study.indicators
    rows: list[Row] = []
    for code, activity in (settings.activities if settings else {}).items():
        found = [
            content.results.get(f"{CHAPTER}/activity/{code}/-/{measure}/{term}")
            for measure, term in (("total", "planned"), ("total", "spent"), ("ratio", "person"), ("ratio", "hour"))
        ]
        if any(row is not None for row in found):
            rows.append(body(f"{code}. {activity.name[content.language]}", *(_amount(content, row) for row in found)))
    columns = ["activity", "planned_bgn", "spent_bgn", "bgn_person", "bgn_hour"]
    return titled(content, "tbl-activity-costs", columns, rows) if rows else None


def per_result(content: Content) -> Table | None:
    """Cost per unit of each declared effect with its interval, or why there is none."""
    rows = []
    for row in content.results.all(chapter=CHAPTER, measure="per_result"):
        name = content.text(f"costs.results.{row.outcome}") if _has_name(row.outcome) else row.outcome.replace("_", " ")
        numbers = [*_money(content, row), content.values.interval_cell(row)]
        reason = reason_of(row)
        rows.append(body(name, *numbers, content.text(f"costs.reasons.{reason}") if reason else ""))
    return (
        titled(content, "tbl-cost-per-result", ["quantity", "bgn", "eur", "interval_bgn", "why"], rows)
        if rows
        else None
    )


def cost_sentence(content: Content, row: Result) -> str:
    """One unit cost in a sentence, or the sentence that says there is none and why."""
    name = content.text(f"costs.results.{row.outcome}") if _has_name(row.outcome) else row.outcome.replace("_", " ")
    reason = reason_of(row)
    if reason:
        return content.text("costs.none", name=name, reason=content.text(f"costs.reasons.{reason}"))
    shown = content.values.amount(row)
    return content.text("costs.some", name=name, cost=shown, interval=content.values.interval(row))


def reason_of(row: Result) -> str:
    """Why a unit cost has no number; empty when it has one."""
    found = dict(part.partition("=")[::2] for part in row.note.split(";"))
    return found.get("reason", "" if row.has("estimate") else "no_estimate")


def _has_name(outcome: str) -> bool:
    return has_text(f"costs.results.{outcome}")


def _money(content: Content, row: Result) -> tuple[Cell, Cell]:
    """The amount in BGN and, at the declared rate, in EUR."""
    shown = content.values.cell(row)
    if not row.has("estimate") or row.is_suppressed:
        return shown, Cell("–")
    euros = number_cell(row.estimate / content.study.project.bgn_per_eur, content.language, digits=0)
    content.values.declared(f"{row.result_id} / project.bgn_per_eur", euros.text)
    return shown, euros


def _amount(content: Content, row: Result | None) -> Cell:
    return Cell("–") if row is None else content.values.number_cell(row, "estimate", row.estimate, 0)
