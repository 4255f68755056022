"""How few clusters were dealt with: the bootstrap's weights with their reason, and tests that the study left out."""

from __future__ import annotations

from typing import get_args

from analysis.report.content import Content
from analysis.study.settings import Test


def inference_choices(content: Content) -> str:
    """One sentence a choice; empty where nothing was tested by clusters and the study names no tests of its own."""
    return " ".join([*_weights(content), *_tests(content)])


def _weights(content: Content) -> list[str]:
    rows = [row for row in content.results.all(measure="bootstrap_weights") if not row.is_suppressed]
    chosen = {(row.term, row.note): row for row in rows if row.has("estimate")}
    said = []
    for (kind, by), row in sorted(chosen.items()):
        if by == "by=study":
            said.append(content.text("inference.weights.by_study", kind=content.text(f"inference.kinds.{kind}")))
        else:
            said.append(content.text(f"inference.weights.{kind}", count=content.values.quantity(row, "estimate").text))
    return said


def _tests(content: Content) -> list[str]:
    named = content.study.inference.tests
    if set(named) == set(get_args(Test)):
        return []
    tests = ", ".join(content.text(f"inference.tests.{name}") for name in dict.fromkeys(named))
    return [content.text("inference.tests.fewer", tests=tests)]
