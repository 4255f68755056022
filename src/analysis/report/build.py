"""What lies beside the report: all results, where every printed number comes from, and the workbook of tables."""

from __future__ import annotations

from analysis.files import write_csv
from analysis.report import display
from analysis.report.chapters import Item, Report, show
from analysis.report.content import Content
from analysis.report.tables import Table


def show_report(report: Report) -> list[Item]:
    """Put the front matter and every chapter into the notebook; gives the pieces shown, in order."""
    show_front(report)
    shown: list[Item] = []
    for name in report.chapters:
        for item in report.render(name):
            show(item, report.content.language)
            shown.append(item)
    return shown


def show_front(report: Report) -> None:
    """Title, project and date of the data; a demonstration says on every page what it is."""
    content, project = report.content, report.content.study.project
    say, language = content.text, content.language
    is_demonstration = content.study.demonstration
    names = {"project": project.name[language], "beneficiary": project.beneficiary[language]}
    display.document(
        say("labels.cover.title", **names),
        say("labels.cover.subtitle") if content.study.education and content.study.employment else "",
        language,
        content.study.data_cut_off,
        say("labels.cover.banner") if is_demonstration else "",
        say("labels.cover.project", **names),
        banner_detail=say("labels.cover.banner_detail") if is_demonstration else "",
        authors=tuple(content.study.report.authors),
        financing=_financing(content),
        facts=_cover_facts(content),
    )


def _cover_facts(content: Content) -> tuple[tuple[str, str], ...]:
    """Who, what, when and how much: (name, value) pairs for the cover."""
    project, values = content.study.project, content.values
    sums = values.both_currencies(sum(contract.total_bgn for contract in project.contracts))
    facts = {
        "beneficiary": project.beneficiary[content.language],
        "procedure": project.procedure,
        "contracts": "\n".join(contract.id for contract in project.contracts),
        "period": f"{values.fact('project.start')} – {values.fact('project.end')}",
        "total": values.declared("project.contracts.*.total_bgn", sums) if project.contracts else "",
        "cut_off": values.fact("data_cut_off"),
        "variant": _variant(content),
        "status": content.text(f"labels.cover.status_{content.study.report.status}"),
    }
    left_out = set() if project.contracts else {"contracts", "total"}
    told = {name: value for name, value in facts.items() if value and name not in left_out}
    return tuple((content.text(f"labels.cover.{name}"), value) for name, value in told.items())


def _variant(content: Content) -> str:
    """Of a study that changes another's assumptions: which one, and what was changed."""
    study = content.study
    changes = "\n".join(f"{key} = {value}" for key, value in study.changes.items())
    return f"{study.based_on}\n{changes}" if study.based_on else ""


def _financing(content: Content) -> display.Financing | None:
    """The financing statement and emblem, where the study declares them (a demonstration cannot)."""
    declared, language = content.study.report.financing, content.language
    if declared is None:
        return None
    return display.Financing(
        declared.statement[language], declared.beside_emblem[language], declared.emblem, declared.font
    )


def write_companions(report: Report, shown: list[Item]) -> None:
    """Write ``results.csv``, ``numbers.csv`` and ``tables.xlsx`` into ``reports/<study>/<language>/``."""
    folder = report.content.workspace.reports / report.content.language
    write_csv(folder / "results.csv", report.content.results.table)
    write_csv(folder / "numbers.csv", report.content.ledger.table())
    tables = [item for item in shown if isinstance(item, Table)]
    from analysis.report.workbook import write_tables

    write_tables(folder / "tables.xlsx", tables, report.content.language)
