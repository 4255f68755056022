"""``new``, ``templates``, ``reports``: what a person needs who adapts the workbench to another municipality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from analysis.commands.guard import WRONG_CALL, say
from analysis.files import Workspace, write_text
from analysis.texts import text

if TYPE_CHECKING:
    from analysis.adapting.files import Survey
    from analysis.adapting.grouping import FoundSource
    from analysis.adapting.proposal import Proposal

NAME = re.compile(r"[a-z][a-z0-9-]*")
WRITTEN_IN = ("bg", "en")


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
