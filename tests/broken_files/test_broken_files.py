"""Broken files of every register end as an independent person said before the reader was asked."""

from __future__ import annotations

import pytest

from analysis.files import Workspace
from analysis.study import Study

from .case import Case, Register
from .outcome import SECRETS, TEN_DIGITS, Ran, Values, as_expected, messages, run
from .registers import (
    absences_monthly,
    activity_spending,
    attendance_lists,
    certificates,
    isun_participants,
    labour_placements,
    labour_registrations,
    labour_trainings,
    neispuo_marks,
    neispuo_movements,
    neispuo_pupils,
    nra_contracts,
)

MODULES = (
    isun_participants,
    neispuo_pupils,
    neispuo_movements,
    neispuo_marks,
    absences_monthly,
    labour_registrations,
    labour_trainings,
    labour_placements,
    nra_contracts,
    certificates,
    attendance_lists,
    activity_spending,
)
REGISTERS: list[Register] = [module.REGISTER for module in MODULES]
CASES = [case for register in REGISTERS for case in register.cases]
SCHOOLS = frozenset({"2699001", "2699002", "2699003", "2699004"})


@pytest.fixture(scope="session")
def clean_rows(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Values]]:
    """The accepted rows of each register's clean file, in the file's order."""
    rows = {}
    for register in REGISTERS:
        workspace = Workspace(study.name, tmp_path_factory.mktemp(register.source))
        ran = run(register.clean, study, workspace, SCHOOLS)
        assert ran.findings == [] and len(ran.cleaned.accepted) == 6, (register.source, ran.findings)
        rows[register.source] = ran.in_file_order
    return rows


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_ends_as_expected(case: Case, study: Study, workspace: Workspace, clean_rows: dict[str, list[Values]]) -> None:
    ran = run(case, study, workspace, SCHOOLS)
    nothing_is_lost(ran)
    words_are_fit_to_send(ran)
    wanted = case.expected
    if wanted.outcome == "refused" or (wanted.or_refused and ran.is_refused):
        assert ran.is_refused and ran.cleaned.accepted.empty, ran.findings
        return
    assert not ran.is_refused, ran.findings
    assert ran.aside == set(wanted.aside), ran.findings
    assert ran.records == as_expected(clean_rows[case.source], wanted.lost, wanted.cells)
    mentioned = {finding.row for finding in ran.findings}
    assert set(wanted.told) <= mentioned, ran.findings
    if wanted.told_of_file:
        assert ran.findings
    if wanted.outcome == "repaired":
        assert any(finding.level in ("repaired", "noted") for finding in ran.findings)


def nothing_is_lost(ran: Ran) -> None:
    """Rows read are rows accepted or set aside, file by file and in all."""
    counts = ran.cleaned.conservation
    assert (counts["rows_read"] == counts["accepted"] + counts["quarantined"]).all()
    assert counts["rows_read"].sum() == len(ran.reading.rows)
    assert counts["accepted"].sum() == len(ran.cleaned.accepted)


def words_are_fit_to_send(ran: Ran) -> None:
    """Each finding is worded in both languages, complete, and names nobody."""
    for message in messages(ran.findings):
        assert not TEN_DIGITS.search(message), message
        assert not any(secret in message for secret in SECRETS), message
        assert "{" not in message and "}" not in message, message


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.source)
def test_every_register_has_ten_broken_files_and_more(register: Register) -> None:
    assert len(register.cases) >= 10
    assert len({case.build.__name__ for case in register.cases}) == len(register.cases)
    assert all(" / " in (case.build.__doc__ or "") for case in register.cases)
    wanted = {"accepted", "repaired", "quarantined", "refused"}
    if register.source == "activity_spending":  # no numbers of persons, the only cells that are mended
        wanted.remove("repaired")
    assert {case.expected.outcome for case in register.cases} == wanted
