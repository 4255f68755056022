"""What the project promised, and what became of it: each row answered from the results, or said not to be measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled
from analysis.report.content_tables.costs import cost_sentence
from analysis.report.content_tables.indicators import reach_sentence
from analysis.report.headlines import headline_result
from analysis.report.tables import Table, body
from analysis.study.expected_settings import ExpectedResult

Maker = Callable[..., "Answer | None"]
MARKED = re.compile(r"\[([^\]]*)\]\{\.number[^}]*\}")


@dataclass(frozen=True)
class Answer:
    """What was found, and how surely: both in words."""

    found: str
    surely: str


def expected(content: Content) -> Table | None:
    """Each promised result: how it is measured, what was found, how surely."""
    rows = []
    for one in content.study.expected_results:
        answers = list(answers_of(content, one))
        found = "; ".join(answer.found for answer in answers) or _not_measured(content, one)
        surely = "; ".join(dict.fromkeys(answer.surely for answer in answers)) or "–"
        rows.append(body(f"{one.id}. {one.name[content.language]}", one.measured[content.language], found, surely))
    return titled(content, "tbl-expected", ["expected", "measured", "found", "surely"], rows) if rows else None


def expected_in_short(content: Content) -> Table | None:
    """The same in the summary: the result and what was found."""
    rows = []
    for one in content.study.expected_results:
        found = "; ".join(answer.found for answer in answers_of(content, one))
        rows.append(body(f"{one.id}. {one.name[content.language]}", found or content.text("expected.not_measured")))
    return titled(content, "tbl-expected-short", ["expected", "found"], rows) if rows else None


def answers_of(content: Content, one: ExpectedResult) -> Iterator[Answer]:
    """The answers that this run holds; what ``by`` names and the run does not have is passed over."""
    makers: dict[str, Maker] = {"indicator": _indicator, "activity": _activity, "cost": _cost}
    for place in one.by:
        kind, *parts = place.split("/")
        answers = _outcome(content, *parts) if kind == "outcome" else [makers[kind](content, *parts)]
        for answer in answers:
            if answer is not None:
                yield Answer(_plain(answer.found), _plain(answer.surely))


def _plain(words: str) -> str:
    """Words of prose for a cell: their numbers without the marks that lead to their origin (the ledger has it)."""
    return MARKED.sub(r"\1", words)


def _outcome(content: Content, name: str) -> Iterator[Answer | None]:
    """The headline of an outcome; of several arms, each."""
    if name in content.study.outcomes:
        for population in content.study.headline_populations(name):
            yield _headline(content, name, population)


def _headline(content: Content, name: str, population: str) -> Answer | None:
    row = headline_result(content.study, content.results, name, population)
    if row is None:
        return None
    titled = content.heading(name, population, "short")
    told = content.text("expected.outcome", name=titled, verdict=content.wording.verdict_in_table(row))
    strength = "suppressed" if row.is_suppressed else content.wording.strength(row)
    interval = content.values.interval(row) if row.has("ci_low") and not row.is_suppressed else ""
    return Answer(told, content.text(f"expected.surely.{strength}", interval=interval) if interval else "–")


def _indicator(content: Content, code: str, contract: str) -> Answer | None:
    for version in ("-", "any"):
        row = content.results.get(f"indicators/{code}/{contract}/{version}/count/total")
        if row is not None and (row.has("estimate") or row.is_suppressed):
            key = "indicator" if version == "-" else "programme"
            told = content.text(f"expected.{key}", code=code, value=content.values.amount(row))
            return Answer(told, content.text("expected.surely.counted"))
    return None


def _activity(content: Content, code: str) -> Answer | None:
    row = content.results.get(f"indicators/reach/{code}/-/count/total")
    units = content.results.get(f"indicators/units/{code}/-/count/delivered")
    if row is None and units is None:
        return None
    words = reach_sentence(content, code).rstrip(".")
    return Answer(content.text("expected.activity", code=code, words=words), content.text("expected.surely.counted"))


def _cost(content: Content, name: str) -> Answer | None:
    rows = content.results.all(chapter="costs", outcome=name, measure="per_result")
    if not rows:
        return None
    return Answer(cost_sentence(content, rows[0]).rstrip("."), content.text("expected.surely.counted"))


def _not_measured(content: Content, one: ExpectedResult) -> str:
    return content.text("expected.needs", data=one.missing[content.language])
