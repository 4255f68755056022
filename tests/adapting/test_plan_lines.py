"""The plan in a proposed study.yml: switched off, and good once it is switched on."""

from __future__ import annotations

import re

import pytest
import yaml

from analysis.adapting.facts import facts_of
from analysis.adapting.page import Page
from analysis.adapting.plan_lines import write_plan
from analysis.study.plan_settings import Plan


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_example_is_off_until_its_signs_are_taken_away(language):
    page = Page(language)
    write_plan(page, facts_of([]), "[all]")
    assert yaml.safe_load(str(page)) is None
    lines = str(page).splitlines()
    start = lines.index("# plan:")
    switched_on = "\n".join(re.sub(r"^( *)# ", r"\1", line) for line in lines[start:])
    plan = Plan.model_validate(yaml.safe_load(switched_on)["plan"])
    (outcome,) = plan.outcomes.values()
    assert set(plan.designs) == {outcome.design} and plan.hypotheses[0].outcomes == list(plan.outcomes)


def test_a_proposal_on_schools_has_a_plan_that_it_keeps(bench):
    bench.take("dolina-demo", "town")
    study, _ = bench.new("town", "--language", "en")
    assert study.plan is None
    path = bench.root / "studies" / "town" / "study.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("# plan:")
    end = lines.index("", start)
    lines[start:end] = [re.sub(r"^( *)# ", r"\1", line) for line in lines[start:end]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    from analysis.study import load_study
    from analysis.study.plan_review import review

    found = review(load_study("town", bench.root))
    assert found.items and not found.differences
