"""The documents lead somewhere, ask for the columns that the readers need, and are marked where a lawyer must look."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from analysis.files import project_root
from analysis.study import load_study
from analysis.study.design_settings import Design
from analysis.study.plan_agreement import of_plan
from analysis.study.plan_settings import Plan
from analysis.study.registers import load_register
from analysis.texts.catalogue import catalogue

ROOT = project_root()
LINK = re.compile(r"\]\(([^)\s]+)\)")
LETTERS = {
    "schools": ("neispuo_pupils", "neispuo_movements", "neispuo_marks"),
    "employment_agency": ("labour_registrations", "labour_trainings", "labour_placements"),
    "revenue_agency": ("nra_contracts",),
    "training_provider": ("certificates", "attendance_lists"),
}


def documents() -> list[Path]:
    places = ("*.md", "docs/**/*.md", "data/raw/README.md", "studies/*/README.md")
    return sorted(path.relative_to(ROOT) for place in places for path in ROOT.glob(place))


@pytest.mark.parametrize("page", documents(), ids=str)
def test_every_relative_link_leads_to_something(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [link.split("#")[0] for link in LINK.findall(text) if not re.match(r"\w+:", link)]
    assert [link for link in targets if link and not (ROOT / page.parent / link).exists()] == []


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_asks_for_every_column_without_which_a_file_is_refused(letter):
    text = (ROOT / f"docs/letters/{letter}.bg.md").read_text(encoding="utf-8")
    for name in LETTERS[letter]:
        fields = [field for field in load_register(name).fields if field.must_be_a_column and field.header]
        assert [field.header for field in fields if f"„{field.header}“" not in text] == [], name


@pytest.mark.parametrize("page", [*(f"letters/{letter}.bg.md" for letter in LETTERS), "dpia.bg.md", "guide.bg.md"])
def test_legal_grounds_are_marked_for_review(page):
    assert re.search(r"Нужда(е|ят) се от правен преглед", (ROOT / "docs" / page).read_text(encoding="utf-8"))


def test_the_messages_that_the_guide_explains_are_the_programs_own():
    guide = (ROOT / "docs/guide.bg.md").read_text(encoding="utf-8").split("## 7.")[1].split("## 8.")[0]
    quoted = re.findall(r"„([^“]+)“", "\n".join(line.split("|")[1] for line in guide.splitlines() if "| „" in line))
    said = [form["bg"] for form in catalogue().values()]
    spoken = " ".join(text for form in said for text in (form.values() if isinstance(form, dict) else [form]))
    spoken = re.sub(r"\{\w+\}", "…", spoken)
    parts = [part.strip(" .:") for text in quoted for part in re.sub(r"data/raw/\w+/", "…", text).split("…")]
    assert [part for part in parts if part and part not in spoken] == []


@pytest.mark.parametrize(
    ("page", "heading", "language", "marks"),
    [("adapt.bg.md", "## Чести съобщения", "bg", "„“"), ("adapt.md", "## Common messages", "en", "“”")],
)
def test_the_messages_that_the_adapter_reads_about_are_the_programs_own(page, heading, language, marks):
    told = (ROOT / "docs" / page).read_text(encoding="utf-8").split(heading)[1]
    told = told.replace("data/raw/…", "…").replace("study.yml, ", "…, ")
    first = "\n".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| "))
    said = [form[language] for form in catalogue().values()]
    spoken = " ".join(text for form in said for text in (form.values() if isinstance(form, dict) else [form]))
    spoken = re.sub(r"\{\w+\}", "…", spoken)
    parts = [
        part.strip(" .:,/")
        for text in re.findall(f"{marks[0]}([^{marks[1]}]+){marks[1]}", first)
        for part in text.split("…")
    ]
    assert parts and [part for part in parts if part and part not in spoken] == []


@pytest.mark.parametrize("page", ["adapt.bg.md", "adapt.md"])
def test_the_designs_that_the_adapter_reads_about_are_all_of_them_with_their_required_keys(page):
    """Every kind of design stands in the table, with the keys without which study.yml is refused."""
    told = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for design in get_args(get_args(Design)[0]):
        kind = design.model_fields["kind"].annotation.__args__[0]
        row = next(line for line in told.splitlines() if line.startswith("|") and f"`{kind}`" in line)
        needed = [name for name, field in design.model_fields.items() if field.is_required() and name != "kind"]
        assert [name for name in needed if f"`{name}`" not in row] == [], kind


@pytest.mark.parametrize(("page", "language"), [("evaluate.bg.md", "bg"), ("evaluate.md", "en")])
def test_the_verdicts_that_the_evaluator_reads_about_are_the_programs_own(page, language):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    table = next(part for part in text.split("\n## ") if part.startswith("5."))
    told = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
    keys = ["shown.randomised", "shown.observational", "not_shown", "inconclusive", "design_failed", "change_shown"]
    assert told == [catalogue()[f"verdicts.names.{key}"][language] for key in keys]


@pytest.mark.parametrize("page", ["evaluate.bg.md", "evaluate.md"])
def test_the_settings_that_the_evaluator_may_change_are_there(page):
    """Every dotted key that the guide names can be set in a variant of a shipped study."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    study = load_study("haskovo-demo", ROOT).model_dump()
    keys = re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)=", text) + re.findall(r"--set ([\w.]+)=", text)
    assert len(keys) >= 4
    for key in keys:
        node = study
        for part in key.split("."):
            assert part in node, key
            node = node[part]


@pytest.mark.parametrize("page", ["adapt.bg.md", "adapt.md"])
def test_the_plan_that_the_adapter_reads_about_holds_together(page):
    blocks = re.findall(r"```yaml\n(plan:\n.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
    (plan,) = [Plan.model_validate(yaml.safe_load(block)["plan"]) for block in blocks]
    study = load_study("dolina-demo").model_copy(update={"plan": plan})
    assert list(of_plan(study)) == []
