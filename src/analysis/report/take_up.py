"""What an offer did to the take-up, and what can be told from so much of it, in sentences by rule."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.headlines import Headline
from analysis.study.design_settings import Offer


def take_up(content: Content, head: Headline) -> str:
    """The first-stage F and the Anderson-Rubin set behind a headline of an offer; else nothing."""
    design = content.study.designs[content.study.outcomes[head.outcome].design]
    row = content.result(head.outcome, head.population, "effect_participants")
    if not isinstance(design, Offer) or row is None or row.is_suppressed or not row.has("estimate"):
        return ""
    noted = dict(part.split("=", 1) for part in row.note.split(";") if "=" in part)
    if "first_stage_f" not in noted:
        return ""

    def printed(name: str, digits: int) -> str:
        return content.values.number_cell(row, "note", float(noted[name]), digits).text

    state = "strong" if row.check_states.get("first_stage") == "pass" else "weak"
    first = content.text(f"take_up.{state}", f=printed("first_stage_f", 1))
    kind = noted["anderson_rubin"]
    limits = {name: printed(name, 2) for name in ("low", "high")} if kind in ("interval", "outside") else {}
    return f"{first} {content.text(f'take_up.set.{kind}', **limits)}"
