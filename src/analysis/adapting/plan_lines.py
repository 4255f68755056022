"""The section of a proposed study.yml that says what is promised before the data are seen: switched off, to be used by
those who have a plan."""

from __future__ import annotations

from analysis.adapting.facts import Facts
from analysis.adapting.page import Page

SCHOOLS = ("dropout_a", "school_did", "difference_in_differences")
WORK = ("employed", "participants_aipw", "weighting")
OWN = ("outcome", "design", "randomised")  # names to be replaced: own tables have no usual ones


def write_plan(page: Page, facts: Facts, of_pupils: str) -> None:
    """An example on the first outcome that is proposed, its populations ``of_pupils`` where it is one on pupils;
    without the signs before its lines it is a plan that loads."""
    outcome, design, kind = SCHOOLS if facts.has_education else WORK if facts.has_employment else OWN
    populations = of_pupils if facts.has_education else "[participants]" if facts.has_employment else "[everybody]"
    page.note("plan")
    page.off("plan:")
    page.off("registered: {date: 2024-01-31}", 2)
    page.off("hypotheses:", 2)
    page.off(f'- {{id: H1, text: {{bg: "…", en: "…"}}, outcomes: [{outcome}]}}', 4)
    page.off("designs:", 2)
    page.off(f"{design}: {{kind: {kind}}}", 4)
    page.off("outcomes:", 2)
    page.off(f"{outcome}: {{role: primary, design: {design}, populations: {populations}}}", 4)
    page.off("settings: {inference.level: 0.05, inference.power: 0.80}", 2)
    page.gap()
