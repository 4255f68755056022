"""Where a file lies that an installed Python package carries: published data, read in place and copied nowhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from analysis.study.settings import Source, Study


def package_folder(source: Source) -> Path | None:
    """The folder of the source's package; None when it is not installed."""
    try:
        return Path(str(files(source.package or "")))
    except (ModuleNotFoundError, TypeError, ValueError):
        return None


def missing_packages(study: Study) -> list[str]:
    """The packages that carry a study's data and are not installed."""
    named = {source.package: source for source in study.sources.values() if source.package}
    return sorted(name for name, source in named.items() if package_folder(source) is None)


def packaged_file(source: Source) -> Path | None:
    """The file of a source that a package carries; None when it is not there."""
    folder = package_folder(source)
    place = folder.joinpath(*(source.resource or "").split("/")) if folder else None
    return place if place and place.is_file() else None


def packaged_files(study: Study) -> dict[str, Path]:
    """Every packaged file of a study that is there, by ``package/resource``."""
    found = {source.place: packaged_file(source) for source in study.sources.values() if source.package}
    return {place: path for place, path in sorted(found.items()) if path is not None}
