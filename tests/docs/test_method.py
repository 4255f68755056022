"""The pages on the methods say what the code does: thresholds, designs, declarations, rules and reproduced numbers."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, get_args

import numpy as np
import pypandoc
import pytest
import yaml
from pydantic import TypeAdapter

from analysis.effects import checks
from analysis.effects.balance import Balance
from analysis.effects.overlap import Overlap
from analysis.effects.wild_bootstrap import weights_by_rule
from analysis.files import project_root
from analysis.study.design_settings import Design
from analysis.study.settings import Outcome
from analysis.texts import has_text, text

ROOT = project_root()
EFFECTS = ROOT / "src/analysis/effects"
PAGES = ("method.md", "method.bg.md")
LEADS = {  # how the parts of a section begin
    "method.md": [
        "Compares", "Believe it when", "Equation", "Inference", "Refused", "Checks", "Source", "Reproduced",
        "Simulated",
    ],
    "method.bg.md": [
        "Какво се сравнява", "Кога да му се вярва", "Уравнение", "Статистически извод", "Отказва се", "Проверки",
        "Източник", "Възпроизведено", "Симулация",
    ],
}  # fmt: skip
REFUSED, CHECKED, PRINTED = 4, 5, slice(7, 9)
CONSEQUENCES = {"method.md": ("Doubt", "Failed"), "method.bg.md": ("Съмнение", "Неиздържана")}
BESIDE_THE_VERDICT = {"proportional"}  # a check of the hazard ratio alone
CHECK_TABLE, NUMBER_TABLE = "| `pretrend`", "| `alternatives.NEIGHBOURS`"
THRESHOLD = re.compile(r"([<>≥]) (\d+(?:[.,]\d+)?)")
SAID_BY_ROWS = {"design"}  # the check that a refused design carries (rows.refused_row)

Probe = Callable[[float], checks.Check]


@cache
def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def table_of(name: str, row: str) -> list[list[str]]:
    """The cells of the table that holds ``row``, without its head."""
    lines = next(part for part in page(name).split("\n\n") if f"\n{row}" in part).splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def parts(name: str, lead: str) -> list[str]:
    return re.findall(rf"\*\*{lead}\.\*\*(.*?)(?:\n\n|\Z)", page(name), re.DOTALL)


def number(printed: str) -> float:
    return float(printed.replace(",", "."))


def state(**other: float) -> Overlap:
    given = {"treated": 1000, "comparison": 1000, "outside": 0.0, "effective": 1000.0, "effective_treated": 1000.0}
    scores = dict.fromkeys(
        ("score_min_treated", "score_max_treated", "score_min_comparison", "score_max_comparison"), 0.5
    )
    return Overlap(**{**scores, **given, **other})  # type: ignore[arg-type]


def gap(before: float = 0.0, after: float = 0.0) -> Balance:
    one = np.ones(1)
    return Balance(["x"], np.array([-before]), np.array([-after]), one, one)


def weighted(name: str, overlap: Overlap, balance: Balance | None = None) -> checks.Check:
    found = checks.weighting_checks(overlap, balance or gap())
    return next(check for check in found if check.name == name)


def unrecorded(name: str) -> Probe:
    """One measure varies while the others hold out."""
    return lambda x: checks.unrecorded_causes({"e_value": 9.0, "rosenbaum": 9.0, "oster": 9.0, name: x}, True)


def same(probe: Probe) -> tuple[list[Probe], list[Probe]]:
    """One number decides both doubt and failure."""
    return [probe], [probe]


PROBES: dict[str, tuple[list[Probe], list[Probe]]] = {
    "pretrend": same(checks.pretrend),
    "breakdown": ([checks.breakdown], [lambda x: checks.breakdown(x, uneven_before=True)]),
    "placebo_outcomes": same(checks.placebo_outcomes),
    "specifications": same(lambda x: checks.specifications(x, 1.0, True)),
    "clusters": ([lambda x: checks.clusters(int(x), 99)], []),
    "degrees_of_freedom": ([checks.degrees_of_freedom], []),
    "first_stage": ([lambda x: checks.first_stage(x**0.5, 1.0)], []),
    "sample": ([], [lambda x: checks.sample_size(99, int(x))]),
    "outcome_known": same(lambda x: checks.outcome_known(0.0, x)),
    "lot_balance": ([lambda x: checks.randomised_balance(gap(before=x))], []),
    "overlap": same(lambda x: weighted("overlap", state(outside=x))),
    "effective_sample": (
        [lambda x: weighted("effective_sample", state(effective=1000 * x))],
        [lambda x: weighted("effective_sample", state(effective_treated=x, treated=30))],
    ),
    "balance": same(lambda x: weighted("balance", state(), gap(after=x))),
    "calibration": ([checks.calibration], []),
    "unrecorded_causes": ([unrecorded(name) for name in ("e_value", "rosenbaum", "oster")], []),
    "pseudo_outcomes": same(checks.pseudo_outcomes),
    "answered_again": same(checks.answered_again),
    "differential_attrition": same(checks.differential_attrition),
    "even_weights": same(checks.even_weights),
    "near_threshold": same(lambda x: checks.near_threshold(99, int(x))),
    "density": same(checks.density),
    "covariate_jumps": same(checks.covariate_jumps),
    "events": same(lambda x: checks.events(int(x))),
    "followed": ([lambda x: checks.followed(int(x))], []),
    "proportional": ([checks.proportional], []),
    "fit_before": same(checks.fit_before),
    "periods_before": ([lambda x: checks.periods_before(int(x))], []),
    "consistent": ([lambda x: checks.consistent(x, 1.0), lambda x: checks.consistent(0.0, x)], []),
    "pooled_number": ([lambda x: checks.pooled_number(int(x))], []),
}


def names_in_code() -> set[str]:
    """The first argument of every ``Check(...)`` in the effects."""
    found = set(SAID_BY_ROWS)
    for path in EFFECTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Check":
                found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return found


def designs() -> list[str]:
    return [one.model_fields["kind"].annotation.__args__[0] for one in get_args(get_args(Design)[0])]


@pytest.mark.parametrize("name", PAGES)
def test_every_check_of_the_code_stands_in_the_table_and_no_other(name):
    told = [row[0].strip("`") for row in table_of(name, CHECK_TABLE)]
    assert sorted(told) == sorted(names_in_code())


@pytest.mark.parametrize("name", PAGES)
def test_every_threshold_is_where_the_check_changes_its_mind(name):
    """Just beyond the printed number the check says so; at the number itself it does not yet (or, for ≥, does)."""
    for key, _, doubt, fail, *_ in table_of(name, CHECK_TABLE):
        probes = PROBES.get(key.strip("`"), ([], []))
        for cell, given, outcome in ((doubt, probes[0], "doubt"), (fail, probes[1], "fail")):
            told = THRESHOLD.findall(cell)
            assert len(told) == len(given), (key, cell)
            for (sign, printed), probe in zip(told, given, strict=True):
                value, step = number(printed), 1e-6 if re.search("[.,]", printed) else 1.0
                beyond = {"<": value - step, ">": value + step, "≥": value}[sign]
                inside = value - step if sign == "≥" else value
                assert probe(beyond).outcome == outcome, (key, cell)
                assert probe(inside).outcome != outcome, (key, cell)


@pytest.mark.parametrize("name", PAGES)
def test_every_section_repeats_the_thresholds_of_the_table(name):
    """A section that lists its checks says at which number each leaves a doubt or is failed, as the table does."""
    table = {row[0].strip("`"): row[2:4] for row in table_of(name, CHECK_TABLE)}
    lists = [" ".join(one.split()) for one in parts(name, LEADS[name][CHECKED])]
    lists = [one for one in lists if f"{CONSEQUENCES[name][0]}: " in one]
    assert len(lists) == 10
    for one in lists:
        prose, doubt, fail = re.split(rf"\s(?:{'|'.join(CONSEQUENCES[name])}): ", one)
        named = [check for check in re.findall(r"`([a-z_]+)`", prose) if check in table]
        for place, told in enumerate((doubt, fail)):
            wanted = {check: table[check][place] for check in named if check not in BESIDE_THE_VERDICT}
            assert dict(re.findall(r"`([a-z_]+)` \((.*?)\)(?=[,.])", told)) == {
                check: cell for check, cell in wanted.items() if cell != "–"
            }


@pytest.mark.parametrize("name", PAGES)
def test_every_threshold_of_the_code_is_told(name):
    told = {number(one) for row in table_of(name, CHECK_TABLE) for _, one in THRESHOLD.findall(f"{row[2]} {row[3]}")}
    held = {key: value for key, value in vars(checks).items() if key.isupper() and isinstance(value, int | float)}
    assert len(held) > 20
    assert {key: value for key, value in held.items() if float(value) not in told} == {}


@pytest.mark.parametrize("name", PAGES)
def test_the_section_on_unrecorded_causes_has_the_thresholds_of_the_table(name):
    row = next(row for row in table_of(name, CHECK_TABLE) if row[0] == "`unrecorded_causes`")
    told = page(name).split("\n## 8. ")[1].split("\n## ")[0]
    weak = [cells[-2].strip() for cells in (line.split("|") for line in told.splitlines()) if len(cells) > 4][2:5]
    printed = [re.findall(r"\d+(?:[.,]\d+)?", cell) for cell in weak]
    assert [[number(one) for one in found] for found in printed] == [
        [number(one)] for _, one in THRESHOLD.findall(row[2])
    ]


@pytest.mark.parametrize("name", PAGES)
def test_other_fixed_numbers_are_those_of_the_modules(name):
    for key, told, _ in table_of(name, NUMBER_TABLE):
        module, constant = key.strip("`").split(".")
        assert getattr(import_module(f"analysis.effects.{module}"), constant) == number(told), key


@pytest.mark.parametrize("name", PAGES)
def test_every_design_has_its_section_with_all_its_parts(name):
    sections = [part for part in page(name).split("\n### ") if re.match(r"3\.\d", part)]
    for kind in designs():
        own = [part for part in sections if f"`{kind}`" in part.splitlines()[0]]
        assert own, kind
        for section in own:
            assert [lead for lead in LEADS[name] if f"**{lead}" not in section] == [], section.splitlines()[0]


def declared(name: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page(name), re.DOTALL)]


@pytest.mark.parametrize("name", PAGES)
def test_every_declaration_loads(name):
    kinds = set()
    for block in declared(name):
        assert set(block) <= {"designs", "outcomes"}
        for one in block.get("designs", {}).values():
            kinds.add(TypeAdapter(Design).validate_python(one).kind)
        for outcome in block.get("outcomes", {}).values():
            Outcome.model_validate(outcome)
    assert kinds == set(designs())


def test_both_pages_declare_the_same_and_have_the_same_sections():
    assert declared(PAGES[0]) == declared(PAGES[1])
    numbered = [re.findall(r"^#{2,3} (\d+(?:\.\d+)?)", page(name), re.MULTILINE) for name in PAGES]
    assert numbered[0] == numbered[1]
    kinds = [re.findall(r"^### 3\..*`(\w+)`", page(name), re.MULTILINE) for name in PAGES]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("name", PAGES)
def test_rules_of_refusal_are_the_programs_own(name):
    told = {rule for one in parts(name, LEADS[name][REFUSED]) for rule in re.findall(r"`([a-z_]+)`", one)}
    raised = "".join(path.read_text(encoding="utf-8") for path in EFFECTS.glob("*.py"))
    unknown = {rule for rule in told if not has_text(f"designs.{rule}.what") or f'"{rule}"' not in raised}
    assert len(told) > 25
    assert unknown == set()


@pytest.mark.parametrize("name", PAGES)
def test_checks_named_in_a_section_are_checks(name):
    told = {check for one in parts(name, LEADS[name][CHECKED]) for check in re.findall(r"`([a-z_]+)`", one)}
    keys = {name for one in get_args(get_args(Design)[0]) for name in one.model_fields}
    assert len(told) > 25
    assert told - names_in_code() - keys == set()


@pytest.mark.parametrize("name", PAGES)
def test_reproduced_and_simulated_numbers_stand_in_the_validation(name):
    """Decimals alone: whole numbers are years, sizes and pages."""
    form = r"\d+\.\d+" if name == "method.md" else r"\d+,\d+"
    held = set(re.findall(r"\d+\.\d+", page("validation.md")))
    for lead in LEADS[name][PRINTED]:
        told = [one.replace(",", ".") for part in parts(name, lead) for one in re.findall(form, part)]
        assert len(told) > 10
        assert [one for one in told if one not in held] == [], lead


@pytest.mark.parametrize(("name", "language"), [("method.md", "en"), ("method.bg.md", "bg")])
def test_the_verdicts_are_the_programs_own(name, language):
    rule = page(name).split("\n## 4. ")[1].split("\n## ")[0]
    keys = ["shown.randomised", "shown.observational", "not_shown", "inconclusive", "design_failed"]
    assert [key for key in keys if text(f"verdicts.names.{key}", language) not in rule] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_weights_of_the_bootstrap_are_told_as_they_are_chosen(name):
    ends = {5: "webb_enumerated", 6: "webb", 9: "webb", 10: "rademacher_enumerated", 13: "rademacher_enumerated"}
    assert {count: weights_by_rule(count) for count in (*ends, 14)} == {**ends, 14: "rademacher"}
    told = " ".join(page(name).split())
    assert ("up to 5, all" in told and "6 to 9," in told and "10 to 13," in told) or (
        "до 5 –" in told and "от 6 до 9 –" in told and "от 10 до 13 –" in told
    )


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_page_lead_to_its_headings(name):
    headings = re.findall(r"^#+ (.*)$", page(name), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", page(name)) if link not in slugs] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_can_be_set(name):
    """By pandoc, which knows what TeX a browser can show."""
    command = [pypandoc.get_pandoc_path(), "--from=gfm", "--to=html5", "--mathml", "--fail-if-warnings"]
    made = subprocess.run([*command, str(ROOT / "docs" / name)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert made.stdout.count("<math") > 80


@pytest.mark.parametrize("name", PAGES)
def test_equations_survive_markdown(name):
    """GitHub takes a backslash before punctuation for its own, and a formula never crosses a line."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", page(name), flags=re.DOTALL)
    for line in prose.splitlines():
        assert not re.match(r"[<>+=]", line), line  # a wrapped threshold would begin a quotation
        assert line.replace("$$", "").count("$") % 2 == 0, line
        assert line.count("$$") in (0, 2), line
        for formula in re.findall(r"\$\$?([^$]+)\$\$?", line):
            assert not re.search(r"\\[^A-Za-z]", formula), formula
            assert formula.count("{") == formula.count("}"), formula
