"""Personal numbers become keyed pseudonyms: HMAC-SHA-256 with a secret that lies outside the project tree.

A plain hash would not do: every possible personal number can be hashed in about a minute and compared.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.files import Finding, InputRefused, Workspace
from analysis.study import Study, register_of
from analysis.study.key_file import key_file

PUBLIC_KEY = b"evaluation-workbench, demonstration key: public, protects nobody"
SHORTEST_KEY = 32
LENGTH = 32
PERSONS = ("identifier", "respondent")


@dataclass(frozen=True)
class Pseudonymiser:
    """Turns numbers into pseudonyms under one key; the same person gets the same pseudonym in every register."""

    key: bytes = field(repr=False)

    def pseudonym(self, numbers: pd.Series, id_type: str | pd.Series) -> pd.Series:
        """The pseudonym (32 hexadecimal characters, dtype ``str``) of each normalised number; NA stays NA.

        ``id_type`` (one for all or one a row: egn, lnch, other) is part of the message: an ЕГН and an ЛНЧ of the same
        digits are two persons.
        """
        types = id_type if isinstance(id_type, pd.Series) else pd.Series(id_type, index=numbers.index)
        messages = types.astype("str") + ":" + numbers.astype("str")
        codes, unique = pd.factorize(messages)
        made = pd.array([self._one(str(message)) for message in unique], dtype="str")
        return pd.Series(made.take(codes, allow_fill=True), index=numbers.index)

    def _one(self, message: str) -> str:
        return hmac.new(self.key, message.encode("utf-8"), hashlib.sha256).hexdigest()[:LENGTH]


def load_key(study: Study, environment: Mapping[str, str] = os.environ, workspace: Workspace | None = None) -> bytes:
    """The key of a study's pseudonyms: a demonstration's public one, else the secret of the environment or of a file.

    Raises InputRefused when a study with real identifiers would run on a public, missing, short or badly kept key, or
    when git tracks its raw files. A study without identifiers needs no secret and gets the public key.
    """
    workspace = workspace or Workspace.of(study.name)
    if study.identifiers.key == "public" and (study.demonstration or not has_identifiers(study)):
        return PUBLIC_KEY
    if study.identifiers.key == "public":
        raise _refused(study, "key_public")
    if not has_identifiers(study):
        return PUBLIC_KEY
    if not study.demonstration:
        _refuse_tracked_raw_files(study, workspace)
    key = _secret(study, environment, workspace)
    if key == PUBLIC_KEY:
        raise _refused(study, "key_public")
    if len(key) < SHORTEST_KEY:
        raise _refused(study, "key_short", least=str(SHORTEST_KEY))
    return key


def has_identifiers(study: Study) -> bool:
    """Whether any source of the study holds personal numbers, or codes that somebody's list turns into persons."""
    return any(field.kind in PERSONS for name in study.sources for field in register_of(study, name).fields)


def _secret(study: Study, environment: Mapping[str, str], workspace: Workspace) -> bytes:
    """The secret's bytes stripped; the variable goes before the file, a named file before the usual one."""
    names = study.identifiers
    if value := environment.get(names.key_variable, "").strip():
        return value.encode("utf-8")
    if not (place := key_file(study, environment)):
        params = {"variable": names.key_variable, "file_variable": names.key_file_variable}
        raise _refused(study, "key_missing", study=study.name, **params)
    path = place.resolve()
    if path.is_relative_to(workspace.root.resolve()):
        raise _refused(study, "key_inside_project", key_file=workspace.shown(path))
    if not path.is_file():
        raise _refused(study, "key_file_absent", file_variable=names.key_file_variable)
    if os.name == "posix" and path.stat().st_mode & 0o007:
        raise _refused(study, "key_open_to_all", key_file=path.name)
    return path.read_bytes().strip()


def _refuse_tracked_raw_files(study: Study, workspace: Workspace) -> None:
    """Raw files of real persons must not be in git; without git, or outside a checkout, nothing can be tracked."""
    command = ["git", "-C", str(workspace.root), "ls-files", "--", str(workspace.raw)]
    try:
        tracked = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\n")
    except (OSError, subprocess.CalledProcessError):
        return
    if count := sum(1 for line in tracked if line):
        raise _refused(study, "raw_files_tracked", folder=workspace.shown(workspace.raw), count=str(count))


def _refused(settings: Study, rule: str, **params: str) -> InputRefused:
    finding = Finding("", "refused", f"findings.{rule}", f"studies/{settings.name}/study.yml", params=params)
    return InputRefused([finding])
