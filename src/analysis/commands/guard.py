"""Around every command: whatever happens becomes words and an exit code, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import typer

from analysis.files import InputRefused, Workspace
from analysis.pipeline.failures import failure_of
from analysis.pipeline.progress import Log
from analysis.pipeline.wording import failure_in_words, findings_in_words, problems_in_words
from analysis.study import SettingsRefused
from analysis.texts import text

REFUSED, WRONG_CALL, FAULT, INTERRUPTED = 1, 2, 3, 130


def run(study: str, languages: Sequence[str], command: Callable[[], int]) -> None:
    """Carry the command out and leave with its exit code."""
    if os.environ.get("EVALUATION_DEBUG"):
        raise typer.Exit(command())
    raise typer.Exit(guarded(study, languages, command))


def guarded(study: str, languages: Sequence[str], command: Callable[[], int]) -> int:
    """Carry the command out; whatever it raises becomes words and an exit code."""
    try:
        return command()
    except SettingsRefused as refused:
        for language in languages:
            say(text("command.settings.head", language), *problems_in_words(refused, language))
        return WRONG_CALL
    except InputRefused as refused:
        for language in languages:
            say(*findings_in_words(refused.findings, language))
        return REFUSED
    except KeyboardInterrupt:
        say(*(text("command.stopped", language) for language in languages))
        return INTERRUPTED
    except Exception as error:
        _tell_fault(study, languages, error)
        return FAULT


def _tell_fault(study: str, languages: Sequence[str], error: Exception) -> None:
    log = Log(Workspace.of(study))
    failure = failure_of(error)
    log.write_failure("command", failure)
    for language in languages:
        say(*failure_in_words(failure, "analysis", log.shown, language))


def say(*lines: str) -> None:
    for one in lines:
        typer.echo(one, err=True)
