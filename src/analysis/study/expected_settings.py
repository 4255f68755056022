"""The results that a project promised, each with what answers it: section ``expected_results`` of study.yml."""

from __future__ import annotations

from pydantic import Field

from analysis.study.base import Bilingual, Settings


class ExpectedResult(Settings):
    """One promised result. What ``by`` names is looked up when the report is made; what is not there is passed over.

    ``by`` holds ``outcome/<name>``, ``indicator/<code>/<contract>``, ``activity/<code>`` or ``cost/<name>``.
    """

    id: str
    name: Bilingual
    measured: Bilingual = Field(description="how it is measured, or would be")
    by: list[str] = []
    missing: Bilingual = Field(description="which data would measure it, where nothing does")
