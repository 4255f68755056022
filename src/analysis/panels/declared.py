"""Analysis tables that a study puts together from its own sources, as its settings say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.study import Study, register_of
from analysis.study.panel_settings import Join, Panel

CASE = "case"
PROVENANCE = ["file", "sheet", "row"]


def declared_panels(study: Study, clean: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every table under ``panels`` in study.yml, by name; ``clean`` holds the accepted rows of each source."""
    return {name: declared_panel(study, panel, clean) for name, panel in study.panels.items()}


def declared_panel(study: Study, panel: Panel, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the sources one below another, with the joined sources' columns beside them and a ``case`` a row.

    A joined column that the rows have too stands as ``<source>_<column>``. A unit that the joined source does not know
    has missing values there. Raises ValueError when a join's columns do not name one row of the joined source: the
    settings check that they are its key, and cleaning that keys are unique.
    """
    rows = pd.concat([_with_source(study, name, clean[name]) for name in panel.rows], ignore_index=True)
    rows.insert(0, CASE, _cases(rows))
    for join in panel.join:
        rows = _joined(rows, clean[join.source], join)
    rows = with_populations(rows, panel.populations)
    return rows.drop(columns=[name for name in PROVENANCE if name in rows])


def _with_source(study: Study, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with every declared column, also one that no file brought, and the source's name."""
    types = register_of(study, name).accepted_types()
    missing = {column: dtype for column, dtype in types.items() if column not in table and column != "birth_year"}
    whole = table.assign(**{column: pd.Series(dtype=dtype).reindex(table.index) for column, dtype in missing.items()})
    return whole.assign(source=pd.Series(name, index=table.index, dtype="str"))


def _cases(rows: pd.DataFrame) -> pd.Series:
    """A name for every row that does not change when other files come or go: where it stands in its file."""
    places = rows["file"].astype("str") + "#" + rows["sheet"].astype("str") + "#" + rows["row"].astype("str")
    return places.astype("str")


def _joined(rows: pd.DataFrame, other: pd.DataFrame, join: Join) -> pd.DataFrame:
    columns = [name for name in other.columns if name not in (*PROVENANCE, *join.on)]
    renamed = {name: f"{join.source}_{name}" for name in columns if name in rows}
    beside = other[[*join.on, *columns]].rename(columns=renamed)
    return rows.merge(beside, on=join.on, how="left", validate="many_to_one")


def with_populations(rows: pd.DataFrame, populations: Mapping[str, Mapping[str, list[str]]]) -> pd.DataFrame:
    """The rows with a column for each declared population: whether the row belongs to it."""
    return rows.assign(**{name: belongs(rows, conditions) for name, conditions in populations.items()})


def belongs(rows: pd.DataFrame, conditions: Mapping[str, list[str]]) -> pd.Series:
    """Whether each row has one of the named values in every named column; a gap belongs to no population."""
    belongs = pd.Series(True, index=rows.index)
    for column, values in conditions.items():
        belongs &= written(rows[column]).isin(values)
    return belongs.astype("boolean")


def written(column: pd.Series) -> pd.Series:
    """Values as study.yml writes them: codes as they are, whole numbers without decimals, yes and no."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "yes", False: "no"}).astype("str")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.map(lambda value: f"{value:g}", na_action="ignore").astype("str")
    return column.astype("str")
