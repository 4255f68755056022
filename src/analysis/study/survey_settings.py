"""The questions of a survey, declared once for all its files: section ``survey`` of study.yml.

A source with ``survey: true`` holds answers. Its ``columns`` say under which caption each question stands in its files,
its ``codes`` how the answers are written there, and its ``constants`` give the wave and the group where no column does.
"""

from __future__ import annotations

from pydantic import Field

from analysis.study.base import Settings
from analysis.study.fields import NoAnswer, RegisterField

RESPONDENT, WAVE, GROUP = "respondent", "wave", "group"
WAVES = ("baseline", "endline")


class Scale(Settings):
    """Several questions that measure one thing: their mean, with opposite questions turned round."""

    items: list[str] = Field(min_length=2)
    reversed: list[str] = []
    low: float = Field(1, description="the lowest answer on the questionnaire")
    high: float = Field(5, description="the highest")
    minimum: int | None = Field(None, ge=1, description="answers needed for a score; else half of the questions")

    @property
    def needed(self) -> int:
        return self.minimum or (len(self.items) + 1) // 2


class Survey(Settings):
    """What was asked. The code of the respondent, the wave and the group need not be declared."""

    items: list[RegisterField] = Field(min_length=1)
    scales: dict[str, Scale] = {}
    known_once: list[str] = Field(
        [], description="questions whose first answer holds for both waves, such as sex or taking part"
    )
    no_answer: dict[NoAnswer, list[str]] = {}
    populations: dict[str, dict[str, list[str]]] = Field(
        {}, description="population -> column -> the values that belong to it (all columns must agree)"
    )

    def fields_of(self, columns: dict[str, str | int], constants: dict[str, str]) -> list[RegisterField]:
        """What a file of answers holds: code, wave and group, and the questions that it has a column for."""
        own = [
            RegisterField(name=RESPONDENT, kind="respondent", required=True),
            RegisterField(name=WAVE, kind="code", codes="survey_wave", required=True),
            RegisterField(name=GROUP, kind="text", required=True),
        ]
        asked = [item for item in self.items if item.name in columns or item.name in constants]
        return [*own, *(self._with_no_answer(item) for item in asked)]

    def _with_no_answer(self, item: RegisterField) -> RegisterField:
        return item if item.no_answer else item.model_copy(update={"no_answer": self.no_answer})
