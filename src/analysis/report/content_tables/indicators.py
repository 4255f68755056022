"""Tables of the indicators and of the reach of each activity; what is not known says why in its place."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.results import Result
from analysis.report.tables import Cell, Column, Row, Table, body, group

SEXES = ("male", "female", "total")
VERSIONS = ("any", "strict", "searching", "work", "education", "qualification", "services")
REASONS = ("no_data", "not_recorded", "not_measurable", "not_applicable")
WORDS = ("code", "indicator", "activity")


def programme_indicators(content: Content) -> Table | None:
    """Each programme indicator: the official reading against its target, the strict one, and each limb."""
    rows: list[Row] = []
    settings = content.study.indicators
    for code, indicator in (settings.programme if settings else {}).items():
        found = [version for version in VERSIONS if _row(content, code, indicator.contract, version, "total")]
        if not found:
            continue
        rows.append(group(indicator.name[content.language]))
        for version in found:
            target = _target(content, code) if version == "any" else ""
            name = content.text(f"indicators.versions.{version}") if len(found) > 1 else indicator.contract
            name = content.labels.named("programmes", name) if len(found) == 1 else name
            rows.append(body(name, *_by_sex(content, code, indicator.contract, version), target))
    return _table(content, "tbl-programme-indicators", ["indicator", *SEXES, "target"], rows)


def common_outputs(content: Content) -> Table | None:
    """CO01 to CO23 by contract."""
    return _common(content, "tbl-common-outputs", "CO")


def common_results(content: Content) -> Table | None:
    """CR01 to CR09 by contract."""
    return _common(content, "tbl-common-results", "CR")


def reach(content: Content) -> Table | None:
    """Every declared activity, with its people, hours and completion, and what the team's sheet says was delivered."""
    settings = content.study.indicators
    rows: list[Row] = []
    for code, activity in (settings.activities if settings else {}).items():
        people = content.results.get(f"indicators/reach/{code}/-/count/total")
        cells = [
            content.values.cell(people),
            content.values.cell(content.results.get(f"indicators/hours/{code}/-/mean")),
            content.values.cell(content.results.get(f"indicators/completion/{code}/-/rate")),
            *(content.values.cell(content.results.get(f"indicators/units/{code}/-/count/{term}")) for term in UNITS),
        ]
        rows.append(body(code, activity.name[content.language], *cells))
    found = content.results.all(chapter="indicators", outcome=("reach", "units"))
    columns = ["code", "activity", "people", "hours", "completion", *UNITS]
    return _table(content, "tbl-reach", columns, rows if found else [])


UNITS = ("planned", "delivered")


def reach_sentence(content: Content, code: str) -> str:
    """What is known of the reach of one activity, in a sentence; never silence."""
    people = content.results.get(f"indicators/reach/{code}/-/count/total")
    values = content.values
    if people is not None and (people.is_suppressed or people.has("estimate")):
        if people.is_suppressed:
            return content.text("indicators.reach.hidden")
        count = values.noun(people, "estimate", "participants")
        mean = content.results.get(f"indicators/hours/{code}/-/mean")
        hours = values.amount(mean) if mean else content.text("labels.no_data")
        share = content.results.get(f"indicators/completion/{code}/-/rate")
        completion = "hidden" if share is not None and share.is_suppressed else "shown" if share else "no_data"
        shown = values.amount(share) if completion == "shown" and share else ""
        first = content.text("indicators.reach.people", people=count, hours=hours)
        return f"{first} {content.text(f'indicators.reach.completion_{completion}', share=shown)}"
    units = [content.results.get(f"indicators/units/{code}/-/count/{term}") for term in UNITS]
    settings = content.study.indicators
    without_lists = settings is not None and not settings.activities[code].of_persons
    if all(row is not None and row.has("estimate") for row in units):
        planned, delivered = (values.amount(row) for row in units if row)
        key = "units" if without_lists else "units_only"
        return content.text(f"indicators.reach.{key}", planned=planned, delivered=delivered)
    return content.text("indicators.reach.no_data")


def censored(content: Content) -> list[str]:
    """Each indicator some of whose people left too near the data cut-off, with how many."""
    found = [row for row in content.results.all(chapter="indicators", term="total") if row.design.endswith("censored")]
    return [f"{row.outcome}: {content.values.amount(row)}" for row in found]


def _common(content: Content, label: str, kind: str) -> Table | None:
    rows: list[Row] = []
    found = content.results.all(chapter="indicators", measure="count", term="total", design="")
    for contract in dict.fromkeys(row.population for row in found):
        lines = [row for row in found if row.population == contract and row.outcome.startswith(kind)]
        lines = [row for row in lines if row.outcome[2:].isdigit()]
        if lines:
            rows.append(group(content.labels.named("programmes", contract)))
        rows += [
            body(
                _marked(row),
                content.text(f"indicators.names.{row.outcome}"),
                *_by_sex(content, row.outcome, contract, ""),
            )
            for row in lines
        ]
    return _table(content, label, ["code", "indicator", *SEXES], rows)


def _marked(row: Result) -> str:
    """The code, with a star where Annex I no longer has the indicator and two where the value is a lower bound."""
    return row.outcome + {"dropped": "*", "partial": "**"}.get(row.note, "")


def _by_sex(content: Content, code: str, contract: str, version: str) -> list[Cell]:
    found = [_row(content, code, contract, version, sex) for sex in SEXES]
    total = found[-1]
    if total is not None and total.note in REASONS:
        return [Cell("–"), Cell("–"), Cell(content.text(f"indicators.reasons.{total.note}"))]
    return [content.values.cell(row) for row in found]


def _row(content: Content, code: str, contract: str, version: str, term: str) -> Result | None:
    return content.results.get(f"indicators/{code}/{contract}/{version or '-'}/count/{term}")


def _target(content: Content, code: str) -> str:
    settings = content.study.indicators
    value = settings.programme[code].target.whole if settings else None
    if value is None:
        return content.text("indicators.tables.no_target")
    return content.values.declared(f"indicators.programme.{code}.target", str(value))


def _table(content: Content, label: str, names: list[str], rows: list[Row]) -> Table | None:
    if not rows:
        return None
    columns = tuple(
        Column(content.text(f"indicators.tables.columns.{name}"), "left" if name in WORDS else "right")
        for name in names
    )
    key = f"tables.{label}"
    return Table(label, content.text(f"{key}.caption"), columns, tuple(rows), content.text(f"{key}.note"))
