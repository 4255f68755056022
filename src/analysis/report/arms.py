"""What all arms of an experiment show together, in a sentence an outcome, by rule."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.report.content import Content
from analysis.report.results import Result

TESTS = ("p", "p_randomisation")


def joint_sentences(content: Content) -> Iterator[str]:
    """A sentence for each outcome and population whose arms were tested together."""
    for row in content.results.all(measure="joint_test"):
        made = [field for field in TESTS if row.has(field)]
        if made and not row.is_suppressed and row.outcome in content.study.outcomes:
            yield _sentence(content, row, made)


def _sentence(content: Content, row: Result, made: list[str]) -> str:
    answers = [getattr(row, field) <= content.study.inference.level for field in made]
    state = "shown" if all(answers) else "inconclusive" if any(answers) else "not_shown"
    tests = [content.text(f"arms.tests.{field}", p=content.values.p(row, field)) for field in made]
    name = f"{content.labels.outcome(row.outcome)}, {content.labels.population(row.population)}"
    return content.text(f"arms.joint.{state}", outcome=name, tests="; ".join(tests))
