"""Whether the parts of a study agree: its folder, and what its sources say of the registers they take.

A caption or a code given under a name that the register does not have would be passed over in silence: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.study.arms_agreement import of_arms
from analysis.study.design_columns import of_design_columns
from analysis.study.design_settings import Weighting
from analysis.study.own_tables import closest, of_analysis, of_columns, of_place
from analysis.study.plan_agreement import of_plan
from analysis.study.registers import FOLDER, Register, load_codes, load_register
from analysis.study.robustness_agreement import of_robustness
from analysis.study.settings import PERSONS, Source, Study
from analysis.study.survey_agreement import of_survey
from analysis.texts.catalogue import catalogue

Problem = tuple[str, str, str]
CHAPTERS = Path(__file__).parents[1] / "report" / "chapters"
OTHER_COVARIATES = {"entry_quarter"}  # shown by its quarters, so without a label of its own


def disagreements(study: Study, folder: Path) -> list[Problem]:
    """(place, kind, detail) for each: another name than the folder's, unknown registers, columns, codes and chapters,
    mistyped outcomes and covariates."""
    found = [] if study.name == folder.name else [("name", "other_name", folder.name)]
    if study.project.end < study.project.start:
        found.append(("project.end", "end_before_start", str(study.project.end)))
    for name, source in study.sources.items():
        found += [*of_place(f"sources.{name}", source), *_of_source(f"sources.{name}", source)]
    found += [*_of_chapters(study, folder), *_of_outcomes(study), *_of_populations(study), *_of_contracts(study)]
    found += [*of_analysis(study), *of_design_columns(study), *of_survey(study)]
    return [*found, *of_robustness(study), *of_plan(study), *of_arms(study)]


def _of_chapters(study: Study, folder: Path) -> Iterator[Problem]:
    """A chapter is a text of the report or of the study's own folder."""
    places = (CHAPTERS / "bg", folder / "texts" / "bg")
    known = {path.stem for place in places for path in place.glob("*.md")}
    for chapter in study.report.chapters:
        if chapter not in known:
            yield "report.chapters", "wrong_choice", f"{chapter}: {', '.join(sorted(known))}"


def _of_outcomes(study: Study) -> Iterator[Problem]:
    """Names that look like a mistyped one of those that have a label; others may be a study's own."""
    named = [("outcomes", name, "outcomes") for name in study.outcomes]
    for name, design in study.designs.items():
        if isinstance(design, Weighting):
            named += [(f"designs.{name}.covariates", one, "covariates") for one in design.covariates]
            named += [(f"designs.{name}.pseudo_outcomes", one, "covariates") for one in design.pseudo_outcomes]
    for place, name, labels in named:
        known = {key.split(".")[2] for key in catalogue() if key.startswith(f"labels.{labels}.")} | OTHER_COVARIATES
        if name not in known and name not in study.names and (meant := closest(name, known)):
            yield f"{place}.{name}", "unknown_key", meant
        elif name not in known and labels == "covariates" and place.split(".")[1] in _of_persons(study):
            yield f"{place}.{name}", "no_such_column", ", ".join(sorted(known))


def _of_persons(study: Study) -> set[str]:
    """The designs of the persons' own table, whose columns the program makes: no other can be asked for."""
    return {outcome.design for outcome in study.outcomes.values() if outcome.table == PERSONS}


def _of_contracts(study: Study) -> Iterator[Problem]:
    """A contract that is not declared has no participants and no money, and nothing else would say so."""
    codes = [contract.code for contract in study.project.contracts]
    named = [(f"sources.{name}.constants", one.constants.get("contract")) for name, one in study.sources.items()]
    named += [("education", study.education.contract)] if study.education else []
    named += [("employment", study.employment.contract)] if study.employment else []
    if study.indicators:
        named += [(f"indicators.activities.{name}", one.contract) for name, one in study.indicators.activities.items()]
        named += [(f"indicators.programme.{name}", one.contract) for name, one in study.indicators.programme.items()]
    for place, code in named:
        if codes and code and code not in codes:
            yield f"{place}.contract", "wrong_choice", f"{code}: {', '.join(codes)}"


def _of_populations(study: Study) -> Iterator[Problem]:
    """The columns that make a population are columns of its table."""
    for section, table in (("education", "pupil_years"), ("employment", "persons")):
        settings = getattr(study, section)
        paths = (f"dictionary.panel.{table}.", "dictionary.panel.shared.", "labels.covariates.")
        named = {key.removeprefix(path) for path in paths for key in catalogue() if key.startswith(path)}
        known = sorted(named - {"title"})
        for name, conditions in (settings.populations if settings else {}).items():
            for column in conditions:
                if column not in known:
                    yield f"{section}.populations.{name}.{column}", "unknown_key", closest(column, known)


def register_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem != "codes")


def _of_source(place: str, source: Source) -> Iterator[Problem]:
    if source.file_name is not None:
        yield from _of_pattern(f"{place}.file_name", source.file_name)
    if source.survey:
        return
    if not source.register_name:
        yield from of_columns(place, source)
        return
    if source.register_name not in register_names():
        yield f"{place}.register", "wrong_choice", f"{source.register_name}: {', '.join(register_names())}"
        return
    register = load_register(source.register_name)
    fields = [field.name for field in register.fields]
    for column in source.columns:
        if column not in fields:
            yield f"{place}.columns.{column}", "unknown_key", closest(column, fields)
    for column, codes in source.codes.items():
        yield from _of_codes(f"{place}.codes.{column}", register, column, list(codes))


def _of_pattern(place: str, pattern: str) -> Iterator[Problem]:
    try:
        re.compile(pattern)
    except re.error:
        yield place, "wrong_pattern", pattern


def _of_codes(place: str, register: Register, column: str, codes: list[str]) -> Iterator[Problem]:
    """A column that has a code list; a code may be added, but not one that looks like a mistyped one."""
    lists = {field.name: _list_of(field.codes, field.kind) for field in register.fields}
    listed = [name for name, own in lists.items() if own]
    if column not in listed:
        yield place, "unknown_key", closest(column, listed)
        return
    known = load_codes()[lists[column]]
    for code in codes:
        if code not in known and (meant := closest(code, known)):
            yield f"{place}.{code}", "unknown_key", meant


def _list_of(codes: str | None, kind: str) -> str:
    """The code list of a column: its own, or that of its kind."""
    return codes or (kind if kind in ("boolean", "id_type") else "")
