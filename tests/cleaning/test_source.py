"""A whole source: rows end accepted or set aside, nothing personal leaves, contradictions are told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.bg import egn, pnf

from analysis.cleaning.source import Cleaned, clean_source
from analysis.files import Finding, findings_table
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.sources.reading import Reading
from analysis.study import Study, load_register
from analysis.texts import text

Row = dict[str, str | None]
Clean = Callable[..., Cleaned]
TEN_DIGITS = re.compile("[0-9]{9,}")


def demo_egn(first_nine: str) -> str:
    return first_nine + str((int(egn.calc_check_digit(first_nine)) + 5) % 10)


def demo_lnch(first_nine: str) -> str:
    return first_nine + str((int(pnf.calc_check_digit(first_nine)) + 5) % 10)


PEOPLE = [demo_egn(f"1051011{order:02d}") for order in range(40)]


def pupils(pupil: Row, count: int = 6, **first: str | None) -> list[Row]:
    """So many pupils in order, the first with other cells."""
    rows = [{**pupil, "person_id": number, "sex": sex_of(number)} for number in PEOPLE[:count]]
    return [{**rows[0], **first}, *rows[1:]]


def sex_of(number: str) -> str:
    return "мъж" if int(number[8]) % 2 == 0 else "жена"


def rules(cleaned: Cleaned) -> list[tuple[str, str]]:
    return sorted((finding.rule.removeprefix("findings."), finding.level) for finding in cleaned.findings)


def worded(finding: Finding, language: str = "bg") -> str:
    params = {name: int(value) if name == "count" else value for name, value in finding.params.items()}
    return text(f"{finding.rule}.what", language, **params)


def test_a_sound_file_is_accepted_whole(clean: Clean, pupil: Row) -> None:
    cleaned = clean("pupils", pupils(pupil))
    assert rules(cleaned) == []
    table = cleaned.accepted
    assert len(table) == 6 and table["person_id"].nunique() == 6
    first = table.iloc[0]
    assert first["birth_year"] == 2010 and first["id_type"] == "egn" and first["section"] == "А"
    assert first["repeater"] == "no" and not table["has_sen"].any() and table["has_sen"].notna().all()
    types = table.dtypes.astype(str)
    assert types["school_year"] == types["grade"] == types["birth_year"] == types["row"] == "Int64"
    assert types["has_sen"] == "boolean" and types["person_id"] == "str"
    expected = Pseudonymiser(PUBLIC_KEY).pseudonym(pd.Series(PEOPLE[:6], dtype="str"), "egn")
    assert set(table["person_id"]) == set(expected)
    assert cleaned.conservation.to_dict("records") == [
        {"source": "pupils", "file": "a.csv", "sheet": "", "rows_read": 6, "accepted": 6, "quarantined": 0}
    ]


def test_no_personal_field_is_kept(clean: Clean, pupil: Row) -> None:
    kept = set(clean("pupils", pupils(pupil)).accepted.columns)
    personal = {"first_name", "middle_name", "last_name", "lon", "birth_date", "nationality", "school_name"}
    assert not kept & personal


def test_accepted_tables_keep_constants_and_dates_in_parts(clean: Clean) -> None:
    row = {"person_id": PEOPLE[0], "sex": sex_of(PEOPLE[0]), "entry_date_1": "2021", "entry_date_2": "11"}
    row |= {"entry_date_3": "5", "exit_date_1": "2022", "exit_date_2": "12", "exit_date_3": "1", "contract": "OPHRD"}
    table = clean("participants_ophrd", [row | {"age_stated": "11"}]).accepted
    assert list(table["contract"]) == ["OPHRD"]
    assert list(table["entry_date"]) == [pd.Timestamp("2021-11-05")]
    assert str(table["exit_date"].dtype) == "datetime64[ns]"
    assert "age_stated" not in table


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ({"person_id": None}, "missing_required"),
        ({"person_id": "8.00101E+09"}, "number_rounded"),
        ({"grade": "5-май"}, "grade_became_date"),
        ({"grade": " - "}, "missing_required"),
        ({"school_code": "2699009"}, "unknown_school"),
        ({"school_year": "21"}, "bad_school_year"),
    ],
)
def test_a_row_with_a_fault_is_set_aside(clean: Clean, pupil: Row, cell: Row, rule: str) -> None:
    cleaned = clean("pupils", pupils(pupil, **cell))
    assert rules(cleaned) == [(rule, "quarantined")]
    finding = cleaned.findings[0]
    assert finding.row == 2 and finding.file == "a.csv" and finding.column
    assert list(cleaned.conservation[["rows_read", "accepted", "quarantined"]].iloc[0]) == [6, 5, 1]


def test_an_unknown_code_costs_the_cell_only_where_it_may_be_empty(clean: Clean, pupil: Row) -> None:
    cleaned = clean("pupils", pupils(pupil, repeater="може би"))
    assert rules(cleaned) == [("unknown_code", "noted")]
    assert len(cleaned.accepted) == 6 and cleaned.accepted["repeater"].isna().sum() == 1


def test_unknown_reason_of_discharge_sets_the_row_aside(clean: Clean) -> None:
    document = {"school_year": "2021", "school_code": "2699001", "document": "документ за отписване"}
    document |= {"document_status": "потвърден", "discharge_date": "01.03.2022", "reason": "починал"}
    rows = [{**document, "person_id": number} for number in PEOPLE[:4]]
    cleaned = clean("movements", [*rows[:3], {**rows[3], "reason": "причина"}])
    assert rules(cleaned) == [("unknown_code", "quarantined")]
    assert cleaned.findings[0].found == "причина"


def test_an_unreadable_end_date_never_means_still_running(clean: Clean) -> None:
    spell = {"registration_no": "1", "start_date": "01.03.2022", "end_date": "31.04.2022"}
    rows = [{**spell, "person_id": PEOPLE[0]}, {**spell, "person_id": PEOPLE[1], "end_date": None}]
    cleaned = clean("registrations", [*rows, {**rows[1], "person_id": PEOPLE[2]}])
    assert rules(cleaned) == [("impossible_date", "quarantined")]
    assert len(cleaned.accepted) == 2


def test_dates_in_order_and_within_the_project(clean: Clean) -> None:
    day = {"entry_date_1": "2022", "entry_date_2": "3", "entry_date_3": "1", "contract": "OPHRD"}
    rows = [{**day, "person_id": number} for number in PEOPLE[:6]]
    rows[0] |= {"exit_date_1": "2022", "exit_date_2": "2", "exit_date_3": "28"}
    rows[1] |= {"entry_date_1": "2021", "entry_date_2": "9"}
    cleaned = clean("participants_ophrd", rows)
    assert rules(cleaned) == [("date_order", "quarantined"), ("date_within", "quarantined")]
    by_rule = {finding.rule: finding for finding in cleaned.findings}
    assert by_rule["findings.date_order"].found == "01.03.2022 > 28.02.2022"
    assert worded(by_rule["findings.date_within"]) == ("Датата е извън допустимия период (01.10.2021 – 30.06.2024).")


def test_repair_and_types_of_numbers(clean: Clean, pupil: Row) -> None:
    lost = demo_egn("054101101")
    lnch = demo_lnch("700000001")
    rows = pupils(pupil, birth_date=None, sex=None, person_id=lost[1:])
    rows[1] |= {"id_type": None, "person_id": lnch, "birth_date": "07.05.2009", "sex": None}
    cleaned = clean("pupils", rows)
    assert rules(cleaned) == [("lnch_among_egn", "noted"), ("lost_zero", "repaired")]
    key = Pseudonymiser(PUBLIC_KEY)
    table = cleaned.accepted.set_index("row")
    assert table.loc[2, "person_id"] == key.pseudonym(pd.Series([lost], dtype="str"), "egn")[0]
    assert table.loc[2, "birth_year"] == 2005
    assert table.loc[3, "person_id"] == key.pseudonym(pd.Series([lnch], dtype="str"), "lnch")[0]
    assert table.loc[3, "id_type"] == "lnch" and table.loc[3, "birth_year"] == 2009


def test_contradictions_with_the_number_are_noted(clean: Clean, pupil: Row) -> None:
    wrong_sex = "жена" if sex_of(PEOPLE[0]) == "мъж" else "мъж"
    cleaned = clean("pupils", pupils(pupil, sex=wrong_sex, birth_date="02.11.2010"))
    assert rules(cleaned) == [("birth_date_contradicts_number", "noted"), ("sex_contradicts_number", "noted")]
    assert len(cleaned.accepted) == 6
    assert not any(finding.found for finding in cleaned.findings)


def test_stated_age_is_checked_against_the_number(clean: Clean) -> None:
    day = {"entry_date_1": "2022", "entry_date_2": "3", "entry_date_3": "1"}
    rows = [{**day, "person_id": number, "age_stated": "11"} for number in PEOPLE[:4]]
    assert rules(clean("participants_ophrd", rows)) == []
    assert rules(clean("participants_ophrd", [{**rows[0], "age_stated": "41"}, *rows[1:]])) == [
        ("age_contradicts_number", "noted")
    ]


def test_a_demonstration_refuses_a_real_number(clean: Clean, pupil: Row) -> None:
    real = PEOPLE[0][:9] + egn.calc_check_digit(PEOPLE[0][:9])
    for cell in (real, f"{real}.0", f" {real[:6]} {real[6:]}"):
        cleaned = clean("pupils", pupils(pupil, person_id=cell))
        assert ("real_number_in_demonstration", "refused") in rules(cleaned)
        assert len(cleaned.accepted) == 0
        assert cleaned.conservation["quarantined"].sum() == 6


def test_a_real_study_takes_real_numbers_and_no_others(clean: Clean, real_study: Study, pupil: Row) -> None:
    rows = pupils(pupil, count=3)
    real = [{**row, "person_id": row["person_id"][:9] + egn.calc_check_digit(row["person_id"][:9])} for row in rows]
    assert len(clean("pupils", real, settings=real_study).accepted) == 3
    refused = clean("pupils", rows, settings=real_study)
    assert ("mostly_unusable", "refused") in rules(refused)


def test_mostly_unusable_files_are_refused(clean: Clean, pupil: Row) -> None:
    rows = pupils(pupil, count=4)
    half = [{**row, "grade": "?"} for row in rows[:2]] + rows[2:]
    assert "refused" not in {level for _, level in rules(clean("pupils", half))}
    most = [{**row, "grade": "?"} for row in rows[:3]] + rows[3:]
    cleaned = clean("pupils", most)
    assert ("mostly_unusable", "refused") in rules(cleaned)
    assert len(cleaned.accepted) == 0 and cleaned.conservation["quarantined"].sum() == 4


def test_repeated_rows_keep_the_first(clean: Clean, pupil: Row) -> None:
    rows = pupils(pupil, count=3)
    cleaned = clean("pupils", [*rows, {**rows[0], "first_name": "Друга"}, *rows])
    assert rules(cleaned) == [("duplicate", "quarantined")] * 4
    assert list(cleaned.accepted["row"].sort_values()) == [2, 3, 4]
    assert worded(cleaned.findings[0]) == "Редът повтаря ред 2 от файл a.csv. Запазен е първият."


def test_a_file_that_repeats_another_is_named_once(clean: Clean, pupil: Row) -> None:
    rows = pupils(pupil, count=4)
    copied = clean("pupils", [*rows, *({**row, "file": "b.csv"} for row in rows)])
    told = [finding for finding in copied.findings if finding.rule == "findings.repeated_file"]
    assert [(one.file, one.level) for one in told] == [("b.csv", "noted")]
    assert worded(told[0]).startswith("Редовете на файла повтарят файл a.csv (4 от 4 реда).")
    assert len(copied.accepted) == 4
    half = clean("pupils", [*rows[:2], *({**row, "file": "b.csv"} for row in rows)])
    assert ("repeated_file", "noted") not in rules(half)


def test_contradicting_rows_are_all_set_aside(clean: Clean, pupil: Row) -> None:
    rows = pupils(pupil, count=4)
    cleaned = clean("pupils", [*rows, {**rows[0], "grade": "6", "section": "б"}])
    assert rules(cleaned) == [("conflicting_key", "quarantined")] * 2
    assert len(cleaned.accepted) == 3
    assert {finding.params["rows"] for finding in cleaned.findings} == {"2", "6"}
    assert cleaned.findings[0].params["columns"] == "Випуск, Група/Паралелка"


def test_a_draft_and_two_activities_are_no_contradiction(clean: Clean) -> None:
    document = {"school_year": "2021", "school_code": "2699001", "document": "документ за отписване"}
    document |= {"discharge_date": "01.03.2022", "reason": "отпаднал", "person_id": PEOPLE[0]}
    states = [{**document, "document_status": status} for status in ("чернова", "потвърден")]
    assert len(clean("movements", states).accepted) == 2
    day = {"entry_date_1": "2022", "entry_date_2": "3", "entry_date_3": "1", "person_id": PEOPLE[0]}
    activities = [{**day, "activity": what} for what in ("мотивационно обучение", "субсидирана заетост")]
    assert len(clean("participants_ophrd", activities).accepted) == 2


def test_numbers_of_persons_in_texts_and_among_employers_are_hidden(clean: Clean) -> None:
    contract = {"start_date": "01.03.2022", "basis": f"замества {PEOPLE[1]}", "employer_id": PEOPLE[2]}
    cleaned = clean("contracts", [{**contract, "person_id": PEOPLE[0]}])
    row = cleaned.accepted.iloc[0]
    assert row["basis"] == "замества ##########"
    assert row["employer_id"] == Pseudonymiser(PUBLIC_KEY).pseudonym(pd.Series([PEOPLE[2]], dtype="str"), "egn")[0]


def test_rows_the_reader_could_not_divide_are_set_aside_once(study: Study, pupil: Row, clean: Clean) -> None:
    cleaned = clean("pupils", pupils(pupil, unreadable="reading.field_count", grade=None))
    assert [(finding.rule, finding.level) for finding in cleaned.findings] == [("reading.field_count", "quarantined")]
    assert cleaned.conservation["quarantined"].sum() == 1


def test_swapped_columns_leak_nothing(clean: Clean, pupil: Row) -> None:
    swapped = [
        {**row, "sex": row["last_name"], "last_name": "мъж", "grade": row["person_id"], "person_id": row["grade"]}
        for row in pupils(pupil)
    ]
    cleaned = clean("pupils", swapped)
    told = findings_table(cleaned.findings).to_csv()
    assert not TEN_DIGITS.search(told) and "Примерова" not in told
    assert len(cleaned.accepted) == 0


CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from([*PEOPLE[:3], PEOPLE[3][1:], "2021", "2699001", "5", "а", "да", "01.10.2021", "31.02.2022", "мъж"]),
)


def table_of(study: Study, source: str) -> st.SearchStrategy[Reading]:
    """Readings of a source with arbitrary text in every column."""
    names = [
        part
        for field in load_register(study.sources[source].register_name).fields
        for part in ([field.name] if field.parts == 1 else [f"{field.name}_{n}" for n in range(1, field.parts + 1)])
    ]
    row = st.fixed_dictionaries(
        dict.fromkeys(names, CELL),
        optional={"unreadable": st.sampled_from([None, "reading.field_count"])},
    )
    place = st.fixed_dictionaries({"file": st.sampled_from(["a.csv", "b.xlsx"]), "sheet": st.sampled_from(["", "1"])})
    rows = st.lists(st.tuples(row, place), max_size=6)
    return rows.map(lambda pairs: Reading(_frame([{**r, **p} for r, p in pairs], names), {}))


def _frame(rows: list[dict[str, str | None]], names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[*names, "unreadable", "file", "sheet"]).astype("str")
    return table.assign(row=pd.array(range(1, len(table) + 1), dtype="Int64"))


@pytest.mark.parametrize("source", ["pupils", "participants_ophrd", "absences", "contracts", "movements", "marks"])
def test_arbitrary_tables_conserve_rows_and_leak_no_number(study: Study, source: str) -> None:
    @settings(derandomize=True, deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
    @given(table_of(study, source))
    def check(reading: Reading) -> None:
        cleaned = clean_source(study, source, reading, Pseudonymiser(PUBLIC_KEY), schools=frozenset({"2699001"}))
        counts = cleaned.conservation
        assert counts["rows_read"].sum() == len(reading.rows)
        assert (counts["rows_read"] == counts["accepted"] + counts["quarantined"]).all()
        assert counts["accepted"].sum() == len(cleaned.accepted)
        assert not any(TEN_DIGITS.search(finding.found) for finding in cleaned.findings)
        assert cleaned.accepted["person_id"].dropna().str.fullmatch("[0-9a-f]{32}").all()

    check()
