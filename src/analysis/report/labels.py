"""Names of outcomes, groups and sources: a study's own first, the product's next, the bare name at last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.files import Workspace
from analysis.report.unit_words import worded
from analysis.study import Study
from analysis.study.base import Bilingual
from analysis.study.design_settings import population_and_arm
from analysis.texts import has_text, text
from analysis.texts.yaml_text import from_yaml


class Labels:
    """Labels in one language; ``own`` holds the study's own ``texts/labels.yml``, formed as the product's is, ``names``
    what study.yml says, ``study`` which words fit it."""

    def __init__(
        self,
        language: str,
        own: dict[str, Any] | None = None,
        names: Mapping[str, Bilingual] | None = None,
        study: Study | None = None,
    ) -> None:
        self.language, self._study = language, study
        self._own = own or {}
        self._names = names or {}

    @classmethod
    def of(cls, workspace: Workspace, study: Study, language: str) -> Labels:
        path = workspace.settings / "texts" / "labels.yml"
        own = from_yaml(path.read_text(encoding="utf-8")) if path.is_file() else None
        return cls(language, own, study.names, study)

    def outcome(self, name: str, form: str = "title") -> str:
        """A form of an outcome's name: ``title``, ``short``, ``subject``, ``object`` or ``gender``."""
        if name in self._names and not self._mine(f"outcomes.{name}.title"):
            return self._named("outcome", name, form)
        return self._first(f"outcomes.{name}.{form}", f"outcomes.{name}.title") or self._unnamed("outcome", name, form)

    def caution(self, outcome: str) -> str:
        """What a reader must know of what the outcome counts; empty when there is nothing."""
        return self._first(f"outcomes.{outcome}.caution") or ""

    def arm_of(self, population: str) -> str:
        """The code of the arm whose results are filed under a population; empty for a population as declared."""
        return population_and_arm(population)[1]

    def population(self, name: str, form: str = "title") -> str:
        """``title`` for tables, ``phrase`` for sentences; of an arm, with the arm's name."""
        population, arm = population_and_arm(name)
        if arm:
            words = {"population": self.population(population, form), "arm": self.named("arms", arm)}
            return text(f"labels.arm_population.{form}", self.language, **words)
        if name in self._names and not self._mine(f"populations.{name}.{form}"):
            return self._named("population", name, form)
        return self._first(f"populations.{name}.{form}") or self._unnamed("population", name, form)

    def named(self, group: str, name: str) -> str:
        """The label of ``name`` in a group such as ``covariates``; the name itself when it has none."""
        declared = self._names[name][self.language] if name in self._names else ""
        return self._mine(f"{group}.{name}") or declared or self._first(f"{group}.{name}") or name.replace("_", " ")

    def _first(self, *keys: str) -> str | None:
        found = (
            self._mine(key) or (text(self._key(key), self.language) if has_text(f"labels.{key}") else None)
            for key in keys
        )
        return next((label for label in found if label), None)

    def _key(self, key: str) -> str:
        return worded(self._study, f"labels.{key}") if self._study is not None else f"labels.{key}"

    def _mine(self, key: str) -> str | None:
        node: Any = self._own
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        return node.get(self.language) if isinstance(node, dict) else None

    def _named(self, kind: str, name: str, form: str) -> str:
        """A form of a name that study.yml declares; sentences speak of „the outcome “name”“."""
        declared = self._names[name][self.language]
        return declared if form in ("title", "short") else self._unnamed(kind, declared, form)

    def _unnamed(self, kind: str, name: str, form: str) -> str:
        if form == "gender":
            return "m" if self.language == "bg" else "sg"
        form = "title" if form == "short" else form
        return text(f"labels.unnamed_{kind}.{form}", self.language, name=name.replace("_", " "))
