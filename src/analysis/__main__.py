"""The command line: parse, call, print. ``python -m analysis --help`` lists the commands.

Exit codes: 0 done; 1 inputs refused or a check failed; 2 wrong call or settings; 3 a fault of the program;
130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from analysis.commands import adapt, check, guard, housekeeping, proof, report
from analysis.pipeline.wording import languages_of, line

DEFAULT_STUDY = "haskovo-demo"


def _chosen(arguments: list[str]) -> str | None:
    """The language asked for, wherever on the line: help texts must know it before the line is parsed."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return argument.partition("=")[2]
        if argument == "--language" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


SPOKEN = languages_of(os.environ, _chosen(sys.argv))


def _help(key: str) -> str:
    return line(f"help.{key}", SPOKEN)


def _command(key: str) -> dict[str, Any]:
    return {"name": key.replace("_", "-"), "help": _help(key), "short_help": _help(key)}


StudyName = Annotated[str, typer.Option("--study", "-s", help=_help("study"))]
ReportLanguages = Annotated[str, typer.Option("--languages", help=_help("languages"), show_default=False)]
Spoken = Annotated[str, typer.Option("--language", help=_help("language"), show_default=False)]

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback(help=_help("app"))
def everywhere(language: Spoken = "") -> None:
    pass


@app.command(**_command("report"))
def report_command(
    study: StudyName = DEFAULT_STUDY,
    languages: ReportLanguages = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help=_help("workers"))] = 2,
    cluster: Annotated[str, typer.Option("--cluster", help=_help("cluster"), show_default=False)] = "",
    language: Spoken = "",
) -> None:
    guard.run(study, SPOKEN, lambda: report.make(study, SPOKEN, languages, workers, cluster))


@app.command(**_command("check_data"))
def check_data_command(study: StudyName = DEFAULT_STUDY, language: Spoken = "") -> None:
    guard.run(study, SPOKEN, lambda: check.check_data(study, SPOKEN))


@app.command(**_command("why"))
def why_command(study: StudyName = DEFAULT_STUDY, languages: ReportLanguages = "", language: Spoken = "") -> None:
    guard.run(study, SPOKEN, lambda: report.why(study, SPOKEN, languages))


@app.command(**_command("variant"))
def variant_command(
    new: Annotated[str, typer.Argument(help=_help("new"))],
    change: Annotated[list[str], typer.Option("--set", help=_help("set"))],
    study: StudyName = DEFAULT_STUDY,
    language: Spoken = "",
) -> None:
    guard.run(study, SPOKEN, lambda: proof.variant(study, SPOKEN, new, change))


@app.command(**_command("compare"))
def compare_command(
    before: Annotated[str, typer.Argument(help=_help("run"))],
    after: Annotated[str, typer.Argument(help=_help("run"))],
    output: Annotated[str, typer.Option(help=_help("comparison"), show_default=False)] = "",
    language: Spoken = "",
) -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: proof.compare_runs(before, after, SPOKEN, output))


@app.command(**_command("verify"))
def verify_command(
    manifest: Annotated[str, typer.Argument(help=_help("run"))],
    quick: Annotated[bool, typer.Option("--quick", help=_help("quick"))] = False,
    language: Spoken = "",
) -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: proof.verify_run(manifest, SPOKEN, quick))


@app.command(**_command("archive"))
def archive_command(
    study: Annotated[str, typer.Argument(help=_help("study"))] = DEFAULT_STUDY,
    output: Annotated[str, typer.Option(help=_help("package"), show_default=False)] = "",
    language: Spoken = "",
) -> None:
    guard.run(study, SPOKEN, lambda: proof.archive_study(study, SPOKEN, output))


@app.command(**_command("new_study") | {"name": "new"})
def new_command(
    name: Annotated[str, typer.Argument(help=_help("new"))],
    written_in: Annotated[str, typer.Option(help=_help("written_in"), show_default=False)] = "",
    language: Spoken = "",
) -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: adapt.new(name, SPOKEN, written_in))


@app.command(**_command("templates"))
def templates_command(
    output: Annotated[str, typer.Option(help=_help("templates_output"), show_default=False)] = "",
    language: Spoken = "",
) -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: adapt.templates(SPOKEN, output))


@app.command(**_command("reports"))
def reports_command(
    languages: ReportLanguages = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help=_help("workers"))] = 2,
    language: Spoken = "",
) -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: adapt.reports(SPOKEN, languages, workers))


@app.command(**_command("lab"))
def lab_command(study: StudyName = DEFAULT_STUDY, language: Spoken = "") -> None:
    guard.run(study, SPOKEN, lambda: housekeeping.lab(study, SPOKEN))


@app.command(**_command("demo"))
def demo_command(
    seed: Annotated[int, typer.Option(help=_help("seed"))] = 1,
    scale: Annotated[float, typer.Option(min=0.01, help=_help("scale"))] = 1.0,
    root: Annotated[str, typer.Option(help=_help("root"), show_default=False)] = "",
    study: StudyName = DEFAULT_STUDY,
    language: Spoken = "",
) -> None:
    guard.run(study, SPOKEN, lambda: housekeeping.demo(study, SPOKEN, seed, scale, root))


@app.command(**_command("studies"))
def studies_command(language: Spoken = "") -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, housekeeping.studies)


@app.command(**_command("key"))
def key_command(study: StudyName, language: Spoken = "") -> None:
    guard.run(study, SPOKEN, lambda: housekeeping.key(study, SPOKEN))


@app.command(**_command("schema"))
def schema_command(language: Spoken = "") -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: housekeeping.schema(SPOKEN))


@app.command(**_command("dictionary"))
def dictionary_command(language: Spoken = "") -> None:
    guard.run(DEFAULT_STUDY, SPOKEN, lambda: housekeeping.dictionary(SPOKEN))


@app.command(**_command("clean"))
def clean_command(study: StudyName = DEFAULT_STUDY, language: Spoken = "") -> None:
    guard.run(study, SPOKEN, lambda: housekeeping.clean(study, SPOKEN))


def main() -> None:
    for stream in (sys.stdout, sys.stderr):  # a terminal without Cyrillic must not end the program
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="python -m analysis")


if __name__ == "__main__":
    main()
