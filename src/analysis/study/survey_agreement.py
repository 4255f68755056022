"""Whether the questions of a survey and the files that hold their answers agree."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.study.own_tables import closest
from analysis.study.settings import Source, Study
from analysis.study.survey_settings import GROUP, RESPONDENT, WAVE, Survey

Problem = tuple[str, str, str]
CODED = ("code", "boolean", "chosen")


def of_survey(study: Study) -> Iterator[Problem]:
    """(place, kind, detail) for each: questions that nobody declared, files without a code, scales of other things."""
    asked = {name: source for name, source in study.sources.items() if source.survey}
    if study.survey is None:
        yield from ((f"sources.{name}.survey", "missing_key", "survey") for name in asked)
        return
    if not asked:
        yield "survey", "missing_key", "sources"
    for name, source in asked.items():
        yield from _of_source(f"sources.{name}", source, study.survey)
    yield from _of_questions(study.survey)


def _of_source(place: str, source: Source, survey: Survey) -> Iterator[Problem]:
    questions = [RESPONDENT, WAVE, GROUP, *(item.name for item in survey.items)]
    for name in (RESPONDENT, WAVE, GROUP):
        if name not in source.columns and name not in source.constants:
            yield f"{place}.columns.{name}", "missing_key", ""
    for name in source.columns:
        if name not in questions:
            yield f"{place}.columns.{name}", "unknown_key", closest(name, questions)
    coded = [field.name for field in survey.fields_of(source.columns, source.constants) if field.kind in CODED]
    for name in source.codes:
        if name not in coded:
            yield f"{place}.codes.{name}", "unknown_key", closest(name, coded)
    for item in survey.items:
        needs_codes = item.kind == "code" and not item.codes and item.name in source.columns
        if needs_codes and item.name not in source.codes:
            yield f"{place}.codes.{item.name}", "missing_key", ""


def _of_questions(survey: Survey) -> Iterator[Problem]:
    names = [item.name for item in survey.items]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield "survey.items", "twice", name
    for name in survey.known_once:
        if name not in names:
            yield f"survey.known_once.{name}", "unknown_key", closest(name, names)
    numeric = [item.name for item in survey.items if item.kind in ("integer", "number")]
    for scale, declared in survey.scales.items():
        for name in declared.items:
            if name not in numeric:
                yield f"survey.scales.{scale}.items", "wrong_choice", f"{name}: {', '.join(numeric)}"
        for name in declared.reversed:
            if name not in declared.items:
                yield f"survey.scales.{scale}.reversed", "wrong_choice", f"{name}: {', '.join(declared.items)}"
        if scale in names:
            yield "survey.scales", "twice", scale
    for population, conditions in survey.populations.items():
        for name in conditions:
            if name not in [*names, WAVE, GROUP]:
                yield f"survey.populations.{population}.{name}", "unknown_key", closest(name, [*names, GROUP])
