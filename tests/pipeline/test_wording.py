"""What people are told: in which language, where, what to do; and never the text of an unexpected error."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.effects.refusal import DesignRefused
from analysis.files import Finding
from analysis.pipeline.build import Reason
from analysis.pipeline.failures import Failure, failure_of, read_failure, write_failure
from analysis.pipeline.wording import (
    MOST_FINDINGS,
    failure_in_words,
    finding_in_words,
    findings_in_words,
    languages_of,
    problems_in_words,
    reason_in_words,
)
from analysis.study import SettingsRefused
from analysis.texts.catalogue import catalogue


@pytest.mark.parametrize(
    ("environment", "chosen", "expected"),
    [
        ({"LANG": "bg_BG.UTF-8"}, None, ("bg",)),
        ({"LANG": "en_GB.UTF-8"}, None, ("en",)),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "bg_BG.UTF-8"}, None, ("bg",)),
        ({"LANG": "C.UTF-8"}, None, ("bg", "en")),
        ({}, None, ("bg", "en")),
        ({"LANG": "bg_BG.UTF-8"}, "en", ("en",)),
        ({"LANG": "bg_BG.UTF-8"}, "de", ("bg",)),
    ],
)
def test_language_of_the_messages(environment: dict[str, str], chosen: str | None, expected: tuple[str, ...]) -> None:
    assert languages_of(environment, chosen) == expected


def test_a_finding_says_where_it_is() -> None:
    finding = Finding("pupils", "refused", "no.such.rule", "a.xlsx", sheet="Лист1", row=7, column="ЕГН", found="12..")
    assert (
        finding_in_words(finding, "bg") == "a.xlsx, лист „Лист1“, ред 7, колона „ЕГН“: no.such.rule Намерено: „12..“."
    )
    assert finding_in_words(finding, "en").startswith("a.xlsx, sheet “Лист1”, row 7, column “ЕГН”:")


def test_the_worst_findings_come_first_and_the_rest_are_counted() -> None:
    noted = [Finding("s", "noted", f"rule{n}", f"{n}.csv") for n in range(MOST_FINDINGS)]
    told = findings_in_words([*noted, Finding("s", "refused", "bad", "bad.csv")], "en")
    assert told[0].startswith("bad.csv")
    assert told[-1] == "… and 1 more."
    assert len(told) == MOST_FINDINGS + 1


@pytest.mark.parametrize("language", ["bg", "en"])
def test_settings_name_the_key_that_was_meant(language: str) -> None:
    problems = [
        ("outcome", "unknown_key", "outcomes"),
        ("zzz", "unknown_key", ""),
        ("project.start", "missing_key", ""),
    ]
    told = problems_in_words(SettingsRefused(Path("study.yml"), problems), language)
    assert "outcome" in told[0] and "outcomes" in told[0]
    assert "zzz" in told[1] and "None" not in told[1]
    assert "project.start" in told[2]
    assert len({*told}) == 3


def test_a_fault_of_the_settings_says_the_line_and_the_values_allowed(tmp_path: Path) -> None:
    path = tmp_path / "study.yml"
    path.write_text("name: x\ninference:\n  tests: [wild]\n", encoding="utf-8")
    refused = SettingsRefused(path, [("inference.tests.0", "wrong_choice", "wild: interval, bootstrap")])
    told = problems_in_words(refused, "bg")[0]
    assert told.startswith("study.yml, ред 3: ")
    assert "„wild“" in told and "interval, bootstrap" in told


def test_a_failure_is_carried_whole_and_without_its_message(tmp_path: Path) -> None:
    try:
        try:
            int("8001010008x")
        except ValueError as cause:
            raise RuntimeError("8001010008x") from cause
    except RuntimeError as error:
        failure = failure_of(error)
    write_failure(tmp_path / "f.json", failure)
    assert read_failure(tmp_path / "f.json") == failure
    assert failure.kind == "RuntimeError < ValueError"
    for language in ("bg", "en"):
        [words] = failure_in_words(failure, "X", "reports/s/log/run.log", language)
        assert "run.log" in words and "8001010008" not in words


@pytest.mark.parametrize("kind", ["DeadKernelError", "CellTimeoutError", "Signal9", "A < PermissionError", "Whatever"])
def test_every_kind_of_failure_has_words_in_both_languages(kind: str) -> None:
    bg, en = (failure_in_words(Failure(kind), "X", "run.log", language) for language in ("bg", "en"))
    assert bg != en
    assert not any("а" <= letter <= "я" for letter in "".join(en))


def test_reasons_name_files_and_say_follows_only_when_nothing_else() -> None:
    titles = {"clean": {"en": "Cleaning"}}
    own = [Reason("changed", "a.csv"), Reason("cascade", "clean")]
    assert reason_in_words(own, titles, "en") == "changed: a.csv"
    assert reason_in_words([Reason("cascade", "clean")], titles, "en") == "follows “Cleaning”"
    assert reason_in_words([Reason("changed", "raw files")], titles, "en") == "changed: the list of raw files"
    of_code = [Reason("changed", "src/analysis/effects @ 04_education"), Reason("changed", "parameters @ 08_report_bg")]
    assert reason_in_words(of_code, titles, "en") == "changed: src/analysis/effects; changed: the parameters"
    many = [Reason("changed", f"{n}.csv") for n in range(5)]
    assert reason_in_words(many, titles, "en").endswith("and 2 more")


def test_both_languages_take_the_same_parameters() -> None:
    from string import Formatter

    for key, forms in catalogue().items():
        if key.startswith("command."):
            fields = [_fields(forms[language], Formatter()) for language in ("bg", "en")]
            assert fields[0] == fields[1], key


def _fields(form: object, formatter: object) -> set[str]:
    texts = list(form.values()) if isinstance(form, dict) else [str(form)]
    return {name for one in texts for _, name, *_ in formatter.parse(one) if name}  # type: ignore[attr-defined]


def test_a_design_that_carries_no_estimate_is_told_with_what_to_do_and_is_no_fault_of_the_program(tmp_path) -> None:
    told = failure_of(DesignRefused("column_missing", column="tratamiento", closest="treatment"))
    write_failure(tmp_path / "failure.json", told)
    kept = read_failure(tmp_path / "failure.json")
    assert kept == told and kept.is_about_inputs
    for language, words in (("bg", "липсва колоната „tratamiento“"), ("en", "no column 'tratamiento'")):
        lines = failure_in_words(kept, "T", "run.log", language)
        assert words in " ".join(lines) and "study.yml" in lines[-1] and "run.log" not in " ".join(lines)
