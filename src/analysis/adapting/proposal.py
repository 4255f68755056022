"""A whole proposed study: study.yml, the sheet of schools, notes on what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.adapting.analysis_lines import treated_from, write_analysis
from analysis.adapting.facts import PUPILS, Facts, facts_of
from analysis.adapting.files import Survey
from analysis.adapting.grouping import FoundSource, group
from analysis.adapting.page import Page
from analysis.adapting.source_lines import write_sources

README = Path(__file__).parent / "readme"
SCHOOLS, EMPLOYERS = "schools.csv", "project_employers.csv"
EMPLOYER_CAPTIONS = "employer_id;name_bg;name_en"
SCHOOL_CAPTIONS = "code;treated;treated_from;stratum;name_bg;name_en"
BOM = "\ufeff"  # by which Excel knows the letters


@dataclass(frozen=True)
class Proposal:
    """``texts``: file name -> content, for the folder of the study; ``sources`` and ``facts`` as they were found."""

    texts: dict[str, str]
    sources: list[FoundSource]
    facts: Facts

    @property
    def todos(self) -> int:
        """How many places of study.yml ask to be filled in or checked (the explanation at its head not counted)."""
        lines = self.texts["study.yml"].split("\nname:")[1].splitlines()
        return sum(any(word in line for word in ("TODO", "ПРОВЕРЕТЕ", "CHECK")) for line in lines)


def propose(study: str, found: Survey, language: str) -> Proposal:
    """The study that the files found allow, with notes in ``language`` (bg or en)."""
    sources = group(found)
    facts = facts_of(sources)
    page = Page(language)
    has_schools = PUPILS in facts.registers or not sources
    _write_head(page, study, facts, has_schools)
    write_sources(page, sources, found.unreadable, study)
    write_analysis(page, facts, sources)
    readme = (README / f"{language}.md").read_text(encoding="utf-8").replace("{study}", study)
    texts = {"study.yml": str(page), "README.md": readme}
    if has_schools:
        lines = [f"{code};;;;{_cell(name)};" for code, name in facts.schools.items()]
        texts[SCHOOLS] = BOM + "\n".join([SCHOOL_CAPTIONS, *lines]) + "\n"
    if facts.has_employment:
        texts[EMPLOYERS] = BOM + "\n".join([EMPLOYER_CAPTIONS, *(f"{one};;" for one in facts.employers)]) + "\n"
    return Proposal(texts, sources, facts)


def _cell(text: str) -> str:
    """A text as one cell of a sheet separated by semicolons."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(';"\n') else text


def _write_head(page: Page, study: str, facts: Facts, has_schools: bool) -> None:
    page.put("# yaml-language-server: $schema=../study.schema.json")
    page.note("head", study=study)
    page.put(f"name: {study}")
    if facts.offset:
        page.put("demonstration: true", page.words("demonstration"))
    page.put("languages: [bg, en]")
    page.gap()
    start = treated_from(facts) if facts.years else 2021
    end = facts.years[-1] if facts.years else 2023
    page.note("project")
    page.put("project:")
    page.put("name: {bg: TODO, en: TODO}", indent=2)
    page.put("beneficiary: {bg: TODO, en: TODO}", indent=2)
    page.put(f"start: {start}-09-15", page.words("project_dates"), 2)
    page.put(f"end: {max(end, start + 1)}-06-30", indent=2)
    page.gap()
    page.put(f"data_cut_off: {facts.latest or f'{max(end, start + 1)}-12-31'}",
             page.words("cut_off" if facts.latest else "cut_off_unknown"))  # fmt: skip
    page.gap()
    if facts.offset:
        page.put(f"identifiers: {{check_digit_offset: {facts.offset}, key: public}}")
    elif facts.has_persons:
        page.put("identifiers: {key: secret}", page.words("key", study=study))
    if has_schools:
        page.put(f"schools: {SCHOOLS}", page.words("schools"))
    if facts.has_employment:
        page.put(f"employers: {EMPLOYERS}", page.words("employers"))
    page.gap()
