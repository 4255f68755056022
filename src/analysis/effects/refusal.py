"""Saying no: a design that cannot carry an estimate is refused with a reason, never answered with a number."""

from __future__ import annotations


class DesignRefused(Exception):
    """No estimate can be made. ``rule`` names the text (``designs.<rule>.what`` and ``.todo``), ``params`` fills it."""

    def __init__(self, rule: str, **params: object) -> None:
        shown = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{rule} ({shown})" if shown else rule)
        self.rule = rule
        self.params = {name: str(value) for name, value in params.items()}
