"""How many units of one source are found in another: the first thing a reader of linked data asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.study import Study

PERSON = ["person_id"]
PUPIL_YEAR = ["person_id", "school_year"]
EDUCATION, EMPLOYMENT = "education", "employment"
# register (and whose contract), the register it should be found in (and whose contract), and what is counted
PAIRS: list[tuple[str, str, str, str, list[str]]] = [
    ("neispuo_pupils", "", "absences_monthly", "", PUPIL_YEAR),
    ("neispuo_pupils", "", "neispuo_marks", "", PUPIL_YEAR),
    ("absences_monthly", "", "neispuo_pupils", "", PUPIL_YEAR),
    ("neispuo_marks", "", "neispuo_pupils", "", PUPIL_YEAR),
    ("neispuo_movements", "", "neispuo_pupils", "", PERSON),
    ("isun_participants", EDUCATION, "neispuo_pupils", "", PERSON),
    ("isun_participants", EMPLOYMENT, "labour_registrations", "", PERSON),
    ("isun_participants", EMPLOYMENT, "nra_contracts", "", PERSON),
    ("labour_trainings", "", "isun_participants", EMPLOYMENT, PERSON),
    ("labour_placements", "", "isun_participants", EMPLOYMENT, PERSON),
    ("labour_placements", "", "nra_contracts", "", PERSON),
]
COLUMNS = ["source", "reference", "rows", "matched", "share"]


def match_rates(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a pair of sources: ``source, reference, rows, matched, share``; pairs that a study lacks are left out.

    ``rows`` counts distinct persons of ``source``, or distinct persons and school years where both sources have years
    (only years that the reference covers: a year that was never delivered is not a failed match). ``share`` is NaN
    without rows.
    """
    rows = [
        _rate(source, reference, clean, key)
        for register, chapter, sought, sought_chapter, key in PAIRS
        for source in _names(study, clean, register, chapter)
        for reference in _names(study, clean, sought, sought_chapter)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rate(source: str, reference: str, clean: Mapping[str, pd.DataFrame], key: list[str]) -> dict[str, object]:
    units = clean[source][key].dropna().drop_duplicates()
    known = clean[reference][key].dropna().drop_duplicates()
    if "school_year" in key:
        units = units[units["school_year"].isin(known["school_year"].unique())]
    matched = len(units.merge(known, on=key, how="inner", validate="one_to_one"))
    share = matched / len(units) if len(units) else float("nan")
    return {"source": source, "reference": reference, "rows": len(units), "matched": matched, "share": share}


def _names(study: Study, clean: Mapping[str, pd.DataFrame], register: str, chapter: str) -> Iterator[str]:
    settings = {EDUCATION: study.education, EMPLOYMENT: study.employment}.get(chapter)
    contract = settings.contract if settings else None
    for name, source in study.sources.items():
        if source.register_name == register and name in clean and contract in (None, source.constants.get("contract")):
            yield name
