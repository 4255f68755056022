"""Where the secret key of a study's pseudonyms lies: never in the project's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.study.settings import Study


def default_key_file(study: str) -> Path:
    """The file that ``python -m analysis key`` makes: ``<study>.key`` in the person's own folder."""
    return Path.home() / f"{study}.key"


def key_file(study: Study, environment: Mapping[str, str]) -> Path | None:
    """The file that the environment names; without a name, the usual one if it is there."""
    if place := environment.get(study.identifiers.key_file_variable, "").strip():
        return Path(place).expanduser()
    usual = default_key_file(study.name)
    return usual if usual.is_file() else None
