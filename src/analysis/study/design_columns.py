"""Whether the columns that designs and outcomes name are in the study's own tables: told before anything runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from analysis.study.design_settings import Design
from analysis.study.panel_settings import Panel
from analysis.study.registers import register_of
from analysis.study.settings import Study

Problem = tuple[str, str, str]
NAMING = (
    "unit", "time", "wave", "cluster", "stratum", "person", "persons", "treated", "treated_from", "treated_when",
    "offered", "treatment", "running", "event", "covariates", "pseudo_outcomes", "response",
    "margins",
)  # fmt: skip
WHOLE_PANEL = ("all", "everybody", "participants")
ALWAYS = ("case", "source")  # what every table of this kind has: a name for each row, and where it comes from


def of_design_columns(study: Study) -> Iterator[Problem]:
    """Each column that a design, an outcome or a population names and its table has not, with the closest that it has.

    Only tables whose sources all declare their columns: of the others the program's stages make the columns.
    """
    for name, outcome in study.outcomes.items():
        panel = study.panels.get(outcome.panel or "")
        design = study.designs.get(outcome.design)
        if panel is None or design is None or not all(_declares(study, source) for source in _sources(panel)):
            continue
        known = columns_of(study, panel)
        named = [(f"designs.{outcome.design}.{key}", column) for key, column in _named(design)]
        named += [(f"outcomes.{name}", name)]
        named += [(f"outcomes.{name}.populations", one) for one in outcome.populations if one not in WHOLE_PANEL]
        named += [(f"outcomes.{name}.participation", one) for one in [outcome.participation] if one]
        for place, column in named:
            if column not in known:
                yield place, "wrong_column", f"{column}, {difflib.get_close_matches(column, known, n=1, cutoff=0.0)[0]}"


def columns_of(study: Study, panel: Panel) -> list[str]:
    """The columns of a study's own table; a joined one that the rows have too bears its source's name."""
    columns = [*ALWAYS]
    for source in panel.rows:
        columns += register_of(study, source).accepted_types()
    for join in panel.join:
        beside = [name for name in register_of(study, join.source).accepted_types() if name not in join.on]
        columns += [f"{join.source}_{name}" if name in columns else name for name in beside]
    return sorted({*columns, *panel.populations})


def _sources(panel: Panel) -> list[str]:
    return [*panel.rows, *(join.source for join in panel.join)]


def _declares(study: Study, source: str) -> bool:
    return source in study.sources and bool(study.sources[source].fields)


def _named(design: Design) -> Iterator[tuple[str, str]]:
    for key in NAMING:
        named = getattr(design, key, None)
        for column in [named] if isinstance(named, str) else named or []:
            yield key, column
