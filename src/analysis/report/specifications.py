"""What the other reasonable specifications of a headline say, in sentences by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.study.robustness_settings import AS_DECLARED

Choices = dict[str, str]


def choices_of(term: str) -> Choices:
    """The choices behind the canonical text of a specification: what is chosen -> name of the alternative."""
    return dict(part.split("=", 1) for part in term.split(","))


def is_as_declared(choices: Choices) -> bool:
    return set(choices.values()) == {AS_DECLARED}


def choice_name(content: Content, choice: str) -> str:
    return content.text(f"labels.choices.{choice}")


def alternative_name(content: Content, name: str) -> str:
    return content.labels.named("specifications", name)


def specification_name(content: Content, term: str) -> str:
    """The choices that differ from the declared ones."""
    named = [(choice, name) for choice, name in choices_of(term).items() if name != AS_DECLARED]
    return ", ".join(f"{choice_name(content, choice)}: {alternative_name(content, name)}" for choice, name in named)


def specification_sentences(content: Content, head: Headline) -> str:
    """How many say what the headline says, where they lie, which could not be estimated; empty without a curve."""
    said = {row.term: row for row in _rows(content, head, "specifications")}
    state = head.row.check_states.get("specifications") if head.row is not None else None
    if "declared" not in said or state is None:
        return ""
    values = content.values
    numbers = {name: values.amount(row) for name, row in said.items()}
    for row in _rows(content, head, "specification_range"):
        bare = row.term == "lowest"  # its unit follows behind the highest
        numbers[row.term] = (
            values.span(row, "estimate", values.quantity(row, "estimate")) if bare else values.amount(row)
        )
    speaks = said["same_answer"].has("estimate")
    found = [content.text(f"robustness.specifications.{'numbers' if speaks else 'signs'}", **numbers)]
    refused = [row.term for row in _rows(content, head, "specification") if row.note.startswith("refused=")]
    if refused:
        names = "; ".join(specification_name(content, term) for term in refused)
        found.append(content.text("robustness.specifications.refused", count=numbers["refused"], names=names))
    found.append(content.text(f"robustness.specifications.{_conclusion(said, state, speaks)}"))
    return " ".join(found)


def _conclusion(said: dict[str, Result], state: str, speaks: bool) -> str:
    """``pass``, ``doubt``, ``fail``, or why there is doubt although those that were estimated agree."""
    if state != "doubt" or not speaks:
        return state if speaks else "unspoken"
    agree = said["agreeing"].check_states.get("specifications") == "pass"
    return "lacking" if agree else "doubt"


def _rows(content: Content, head: Headline, measure: str) -> list[Result]:
    return content.results.all(outcome=head.outcome, population=head.population, measure=measure)
