"""The two sheets beside study.yml: the schools of the study and the employers whose jobs the project paid."""

from __future__ import annotations

import pandas as pd

from analysis.files import Finding, InputRefused, Workspace
from analysis.files.sheets import sheet_table
from analysis.panels.keys import without_rows
from analysis.study import Study, load_codes

SCHOOL_TYPES = {
    "school_code": "str", "treated": "bool", "treated_from": "Int64", "stratum": "str", "name_bg": "str",
    "name_en": "str",
}  # fmt: skip
SCHOOL_COLUMNS = list(SCHOOL_TYPES)
EMPLOYER_CAPTIONS = ["employer_id", "code", "eik"]


def schools(study: Study, workspace: Workspace) -> pd.DataFrame:
    """One row a school: ``school_code`` (7 characters), ``treated`` (bool), ``treated_from``, ``stratum``, ``name_bg``,
    ``name_en``. ``treated_from``: the first school year under the project by its first calendar year, missing where the
    sheet does not say.

    Raises InputRefused when the sheet is missing, empty, lacks a column, repeats a school, has a code that is none,
    does not say yes or no, or holds only one of the two groups.
    Without rows when the study has neither a sheet nor an education section.
    """
    if study.schools is None and study.education is None:
        return without_rows(SCHOOL_TYPES)
    table, shown = _read_sheet(workspace, study.schools, "schools")
    code = _column(table, ["code", "school_code"], "schools", shown)
    if table.empty:
        raise InputRefused([Finding("schools", "refused", "sheet_empty", shown)])
    treated = _truth(table[_column(table, ["treated"], "schools", shown)], shown)
    result = pd.DataFrame(
        {
            "school_code": table[code].str.replace(r"\.0$", "", regex=True).str.zfill(7),
            "treated": treated,
            "treated_from": _years(table, treated, shown),
            **{name: table.get(name, pd.Series("", index=table.index, dtype="str")) for name in SCHOOL_COLUMNS[3:]},
        }
    )
    _refuse_repeats(result["school_code"], "schools", shown, code)
    _refuse_bad_codes(result["school_code"], shown, code)
    if study.education is not None and result["treated"].nunique() < 2:
        raise InputRefused([Finding("schools", "refused", "sheet_one_group", shown, column="treated")])
    return result.sort_values("school_code", ignore_index=True)


def employers(study: Study, workspace: Workspace) -> pd.DataFrame:
    """``employer_id`` of every employer that the project subsidised; empty when the study declares no such sheet."""
    if study.employers is None:
        return pd.DataFrame({"employer_id": pd.Series(dtype="str")})
    table, shown = _read_sheet(workspace, study.employers, "employers")
    code = _column(table, EMPLOYER_CAPTIONS, "employers", shown)
    result = pd.DataFrame({"employer_id": table[code].str.replace(r"\.0$", "", regex=True).str.strip()})
    _refuse_repeats(result["employer_id"], "employers", shown, code)
    return result.sort_values("employer_id", ignore_index=True)


def _read_sheet(workspace: Workspace, name: str | None, source: str) -> tuple[pd.DataFrame, str]:
    path = workspace.settings / (name or f"{source}.csv")
    shown = workspace.shown(path)
    if not path.is_file():
        raise InputRefused([Finding(source, "refused", "sheet_missing", shown)])
    try:
        return sheet_table(path, source).reset_index(drop=True), shown
    except (ValueError, OSError):
        raise InputRefused([Finding(source, "refused", "sheet_unreadable", shown)]) from None


def _column(table: pd.DataFrame, captions: list[str], source: str, shown: str) -> str:
    for caption in captions:
        if caption in table:
            return caption
    raise InputRefused([Finding(source, "refused", "sheet_column_missing", shown, column=captions[0])])


def _truth(answers: pd.Series, shown: str) -> pd.Series:
    codes = load_codes()["boolean"]
    words = {text.casefold(): code == "true" for code, texts in codes.items() for text in texts}
    folded = answers.str.strip().str.casefold()
    unclear = ~folded.isin(list(words))
    if unclear.any():
        first = int(unclear.to_numpy().argmax())
        found = "" if pd.isna(answers.iloc[first]) else str(answers.iloc[first])
        raise InputRefused(
            [Finding("schools", "refused", "sheet_not_yes_no", shown, row=first + 2, column="treated", found=found)]
        )
    return folded.map(words).astype(bool)


def _years(table: pd.DataFrame, treated: pd.Series, shown: str) -> pd.Series:
    """The year from which each school is treated: 2021 or 2021/22; a comparison school has none."""
    given = table.get("treated_from", pd.Series(pd.NA, index=table.index, dtype="str")).astype("str").str.strip()
    given = given.mask(given.isna() | given.isin(["", "–", "-"]))
    year = pd.to_numeric(given.str.extract(r"^(20\d\d)(?:\.0|\s*/\s*(?:20)?\d\d)?$")[0]).astype("Int64")
    wrong = (given.notna() & year.isna()) | (year.notna() & ~treated)
    if wrong.any():
        first = int(wrong.to_numpy().argmax())
        found = str(given.iloc[first])
        raise InputRefused(
            [Finding("schools", "refused", "sheet_bad_start", shown, row=first + 2, column="treated_from", found=found)]
        )
    return year


def _refuse_repeats(codes: pd.Series, source: str, shown: str, column: str) -> None:
    repeated = codes.isna() | codes.duplicated()
    if repeated.any():
        first = int(repeated.to_numpy().argmax())
        found = "" if pd.isna(codes.iloc[first]) else str(codes.iloc[first])
        raise InputRefused(
            [Finding(source, "refused", "sheet_code_repeated", shown, row=first + 2, column=column, found=found)]
        )


def _refuse_bad_codes(codes: pd.Series, shown: str, column: str) -> None:
    bad = ~codes.str.fullmatch("[0-9]{7}")
    if bad.any():
        first = int(bad.to_numpy().argmax())
        found = str(codes.iloc[first])
        raise InputRefused(
            [Finding("schools", "refused", "sheet_bad_code", shown, row=first + 2, column=column, found=found)]
        )
