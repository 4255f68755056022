"""``new``, ``templates``, ``reports``: what a person needs who adapts the workbench to another municipality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analysis.commands.guard import WRONG_CALL, say
from analysis.files import Workspace, project_root, write_bytes, write_text
from analysis.study import load_study
from analysis.texts import text

if TYPE_CHECKING:
    from analysis.adapting.files import Survey
    from analysis.adapting.grouping import FoundSource
    from analysis.adapting.proposal import Proposal

NAME = re.compile(r"[a-z][a-z0-9-]*")
WRITTEN_IN = ("bg", "en")
NOT_HERE = -1  # no exit code: a study without raw files


def new(name: str, spoken: Sequence[str], written_in: str) -> int:
    """Propose a study from the files below data/raw/<name>/; 2 for a bad name or language, or a study that exists."""
    language = written_in or (spoken[0] if len(spoken) == 1 else "bg")
    if not NAME.fullmatch(name):
        return _refuse("bad_name", spoken, name=name)
    if language not in WRITTEN_IN:
        return _refuse("bad_language", spoken, name=language)
    workspace = Workspace.of(name)
    folder = workspace.root / "studies" / name
    if folder.exists() and any(folder.iterdir()):
        return _refuse("exists", spoken, name=name, folder=workspace.shown(folder))
    from analysis.adapting.files import survey
    from analysis.adapting.proposal import propose

    raw = workspace.shown(workspace.raw)
    _tell("looking", spoken, folder=raw)
    found = survey(workspace, lambda file: _tell("reading", spoken[:1], file=file))
    proposal = propose(name, found, language)
    for file, content in proposal.texts.items():
        write_text(folder / file, content)
    for one in spoken:
        _sum_up(one, name, found, proposal, workspace)
    return 0


def templates(spoken: Sequence[str], output: str) -> int:
    """Write the empty workbooks below ``output`` (templates/ of the project if empty)."""
    from analysis.adapting.templates import templates as made
    from analysis.adapting.templates import without_template

    folder = Path(output) if output else project_root() / "templates"
    books = made()
    for file, content in books.items():
        write_bytes(folder / file, content)
        typer.echo(f"  {file}")
    _tell("templates", spoken, count=len(books), folder=folder.as_posix() if output else "templates")
    if apart := without_template():
        _tell("templates_apart", spoken, names=", ".join(apart))
    return 0


def reports(spoken: Sequence[str], languages: str, workers: int) -> int:
    """Make the report of every study whose raw files are here; the exit code is that of the worst."""
    from analysis.commands import report
    from analysis.commands.guard import guarded

    names = [path.parent.name for path in sorted((project_root() / "studies").glob("*/study.yml"))]
    codes: dict[str, int] = {}
    left = []
    for name in names:
        _tell("reports_head", spoken[:1], study=name)
        ready = guarded(name, spoken, partial(_ready, name))
        if ready == NOT_HERE:
            left.append(name)
            _tell("left_out", spoken, study=name, folder=f"data/raw/{Workspace.of(name).base}")
        elif ready:
            codes[name] = ready
            _tell("left_out_settings", spoken, study=name)
        else:
            codes[name] = guarded(name, spoken, partial(report.make, name, spoken, languages, workers))
    if not names:
        _tell("no_studies", spoken)
    made = [name for name, code in codes.items() if code == 0]
    _tell("reports_done", spoken, made=len(made), failed=len(codes) - len(made), left=len(left))
    return max(codes.values(), default=0)


def _ready(name: str) -> int:
    """0 when a study has something to read, NOT_HERE when not; SettingsRefused when its settings cannot be used."""
    from analysis.pipeline.tasks import input_files

    workspace = Workspace.of(name)
    return 0 if input_files(load_study(name, workspace.root), workspace) else NOT_HERE


def _refuse(key: str, spoken: Sequence[str], **params: object) -> int:
    for language in spoken:
        say(text(f"adapting.said.{key}", language, **params))
    return WRONG_CALL


def _tell(key: str, spoken: Sequence[str], **params: object) -> None:
    for language in spoken:
        typer.echo(text(f"adapting.said.{key}", language, **params))


def _sum_up(language: str, name: str, found: Survey, proposal: Proposal, workspace: Workspace) -> None:
    """What was found, what could not be read, what was written and what comes next."""
    from analysis.pipeline.wording import finding_in_words

    if not found.labels:
        _tell("nothing", [language], folder=workspace.shown(workspace.raw))
    for source in proposal.sources:
        _tell_source(language, source)
    for finding in found.unreadable:
        typer.echo(f"✗ {finding_in_words(finding, language)}")
    folder = f"studies/{name}"
    _tell("written", [language], files=", ".join(f"{folder}/{file}" for file in proposal.texts))
    schools, secret = "", ""
    if "schools.csv" in proposal.texts:
        schools = text("adapting.said.next_schools", language, file=f"{folder}/schools.csv")
    if proposal.facts.has_persons and not proposal.facts.offset:
        secret = text("adapting.said.next_key", language, name=name)
    params = {"study_file": f"{folder}/study.yml", "todos": proposal.todos, "name": name}
    _tell("next", [language], schools=schools, secret=secret, **params)


def _tell_source(language: str, source: FoundSource) -> None:
    match, register = source.first.match, source.register
    files = text("adapting.said.files", language, count=len(source.files))
    params = {"name": source.name, "pattern": source.pattern, "files": files}
    if register is None:
        _tell("table", [language], columns=len(source.first.table.columns), **params)
    elif match is None:
        _tell("positions", [language], title=register.title[language], **params)
    else:
        _tell("register", [language], title=register.title[language], columns=len(match.places), **params)
        unsure = [f"{n} = „{p.column.caption}“" for n, p in match.places.items() if not p.is_sure]
        if match.missing:
            _tell("missing", [language], captions=", ".join(f"„{one.header}“" for one in match.missing))
        if unsure:
            _tell("to_check", [language], columns=", ".join(unsure))
        for column, proposal in source.codes.items():
            if proposal.unsolved:
                _tell("unsolved", [language], column=column, count=len(proposal.unsolved))
