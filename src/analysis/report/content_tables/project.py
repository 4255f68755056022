"""Tables from the study's settings: the contracts and the declared outcomes."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled
from analysis.report.tables import Cell, Row, Table, body, number_cell, total
from analysis.study.plan_review import beside_plan

PARTS = ("total_bgn", "eu_bgn", "national_bgn")


def contracts(content: Content) -> Table | None:
    """Each grant contract with its programme, axis and amounts; the sums below, and in EUR at the fixed rate."""
    found = content.study.project.contracts
    rows: list[Row] = []
    for position, contract in enumerate(found):
        cells = [_declared(content, f"project.contracts.{position}.{part}", getattr(contract, part)) for part in PARTS]
        rows.append(body(_broken(contract.id), contract.programme[content.language], str(contract.axis), *cells))
    sums = [sum(getattr(contract, part) for contract in found) for part in PARTS]
    rate = content.study.project.bgn_per_eur
    bgn = [_declared(content, f"project.contracts.*.{part}", value) for part, value in zip(PARTS, sums, strict=True)]
    eur = [
        _declared(content, f"project.contracts.*.{part} / project.bgn_per_eur", value / rate)
        for part, value in zip(PARTS, sums, strict=True)
    ]
    rows += [total(content.text("tables.sum_bgn"), "", "", *bgn), total(content.text("tables.sum_eur"), "", "", *eur)]
    return titled(content, "tbl-contracts", ["contract", "programme", "axis", *PARTS], rows) if found else None


def outcomes(content: Content) -> Table | None:
    """Every declared outcome: role, populations, design."""
    rows = [
        body(
            content.labels.outcome(name),
            content.text(f"labels.roles.{_role(content, name)}"),
            "; ".join(content.labels.population(population) for population in outcome.populations),
            content.text(f"labels.designs.{content.study.designs[outcome.design].kind}"),
        )
        for name, outcome in content.study.outcomes.items()
    ]
    return titled(content, "tbl-outcomes", ["name", "role", "population", "design"], rows) if rows else None


def _role(content: Content, outcome: str) -> str:
    """The declared role; what lies beyond the plan is exploratory whatever study.yml calls it."""
    declared = content.study.outcomes[outcome]
    beyond = beside_plan(content.study, outcome, declared.populations[0]) == "exploratory"
    return "exploratory" if beyond else declared.role


def _broken(identifier: str, longest: int = 26) -> str:
    """A long contract number on two lines, broken after a hyphen, so that it stays in its column."""
    if len(identifier) <= longest:
        return identifier
    at = identifier.rfind("-", 0, longest) + 1
    return f"{identifier[:at]}\n{identifier[at:]}" if at else identifier


def _declared(content: Content, path: str, value: float) -> Cell:
    cell = number_cell(value, content.language, digits=2)
    content.values.declared(path, cell.text)
    return cell
