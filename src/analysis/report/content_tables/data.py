"""Tables on the data: what came in, what was set aside and why, how well the sources match, who took part."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled
from analysis.report.results import Result
from analysis.report.tables import Column, Row, Table, body, group
from analysis.study import register_of
from analysis.texts import has_text
from analysis.texts.catalogue import catalogue

ROW_TERMS = ("files", "read", "accepted", "quarantined")


def source_name(content: Content, source: str) -> str:
    """A source by its register, with its contract where several sources share one."""
    declared = content.study.sources.get(source)
    if declared is None:
        return content.labels.named("sources", source)
    if not declared.register_name:
        return register_of(content.study, source).title[content.language]
    name = content.labels.named("registers", declared.register_name)
    contract = declared.constants.get("contract")
    code = content.labels.named("programmes", contract) if contract else ""
    return f"{name}, {code}" if code else name


def rows_by_source(content: Content) -> Table | None:
    """Files and rows of each source: read = accepted + quarantined."""
    counts = {(row.population, row.term): row for row in content.results.all(chapter="data", outcome="rows")}
    sources = dict.fromkeys(source for source, _ in counts)
    rows = [
        body(source_name(content, source), *(content.values.cell(counts.get((source, term))) for term in ROW_TERMS))
        for source in sources
    ]
    return titled(content, "tbl-rows", ["source", *ROW_TERMS], rows) if rows else None


def match_rates(content: Content) -> Table | None:
    """How many rows of a source found their person in another."""
    rows = [
        body(
            source_name(content, row.population),
            source_name(content, row.term),
            content.values.cell(row, "n"),
            content.values.cell(row),
        )
        for row in content.results.all(chapter="data", outcome="match")
    ]
    return titled(content, "tbl-match", ["source", "reference", "rows", "matched"], rows) if rows else None


def findings(content: Content) -> Table | None:
    """What was wrong in the files: under each source the rules, and what was done about it."""
    found = content.results.all(chapter="data", outcome="findings")
    lines: list[Row] = []
    for source in dict.fromkeys(row.population for row in found):
        lines.append(group(source_name(content, source)))
        lines += [_finding(content, row) for row in found if row.population == source]
    return titled(content, "tbl-findings", ["rule", "treatment", "cases", "files"], lines) if lines else None


def _finding(content: Content, row: Result) -> Row:
    level, _, rule = row.term.partition(":")
    counts = (content.values.cell(row), content.values.cell(row, "n"))
    return body(rule_name(content, rule), content.text(f"labels.levels.{level}"), *counts)


def participants(content: Content) -> Table | None:
    """Participants by contract: total = complete + incomplete records, then each dimension of the counts of all of
    them; hidden cells say so.
    """
    rows = content.results.all(chapter="data", outcome="participants", measure="count")
    contracts = list(dict.fromkeys(row.population for row in rows))
    counts: dict[tuple[str, str, str], Result] = {(row.design, row.term, row.population): row for row in rows}
    if not counts:
        return None
    lines: list[Row] = []
    for dimension in dict.fromkeys(row.design for row in rows):
        if dimension:
            lines.append(group(content.labels.named("participants", dimension)))
        for term in sorted({row.term for row in rows if row.design == dimension}, key=_place):
            cells = [content.values.cell(counts.get((dimension, term, contract))) for contract in contracts]
            lines.append(body(content.labels.named("participants", term), *cells))
        if not dimension:
            lines += _records(content, contracts)
    table = titled(content, "tbl-participants", ["group"], [])
    heads = [Column(content.labels.named("programmes", contract)) for contract in contracts]
    return Table(table.label, table.caption, (*table.columns, *heads), tuple(lines), table.note)


def _records(content: Content, contracts: list[str]) -> list[Row]:
    """How many of the total the indicators count, and how many they leave out: complete and incomplete records."""
    lines = []
    for term in ("complete", "incomplete"):
        found = [content.results.get(f"indicators/records/{contract}/-/count/{term}") for contract in contracts]
        if any(found):
            name = content.labels.named("participants", f"records_{term}")
            lines.append(body(name, *(content.values.cell(row) for row in found)))
    return lines


def _place(term: str) -> tuple[int, str]:
    """Categories in the order of ``labels.yml``; unknown ones last."""
    order = [key for key in catalogue() if key.startswith("labels.participants.")]
    key = f"labels.participants.{term}"
    return (order.index(key) if key in order else len(order), term)


def rule_name(content: Content, rule: str) -> str:
    """What a rule (``findings.duplicate``; the area may be left out) says, without the particulars of a case."""
    key = f"{rule}.what" if "." in rule else f"findings.{rule}.what"
    if not has_text(key):
        return rule.rpartition(".")[2].replace("_", " ")
    form = catalogue()[key][content.language]
    said = str(form if isinstance(form, str) else form["other"]).format_map(_Dots()).replace("….", "…")
    return said.removesuffix(": …")  # what stood last in a list of particulars


class _Dots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
