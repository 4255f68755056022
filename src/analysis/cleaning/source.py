"""One source from text to typed rows: every row ends accepted or set aside, with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cleaning.conservation import count_rows, no_rows, refuse_unusable_files, tell_repeated_files
from analysis.cleaning.corrections import Correction, apply_corrections
from analysis.cleaning.duplicates import set_aside_duplicates
from analysis.cleaning.faults import WHERE, Faults
from analysis.cleaning.fields import read_fields
from analysis.cleaning.persons import read_persons, tell_contradictions
from analysis.cleaning.private_numbers import hide_private_numbers
from analysis.cleaning.respondents import read_codes
from analysis.cleaning.rules import apply_rules
from analysis.cleaning.totals import set_aside_totals
from analysis.files import Finding
from analysis.linkage.pseudonyms import Pseudonymiser
from analysis.sources.reading import Reading
from analysis.study import Register, Source, Study, register_of


@dataclass(frozen=True)
class Cleaned:
    """A source after cleaning.

    ``accepted``: typed rows under canonical names, sorted by the register's key; ``person_id`` is the pseudonym,
    ``id_type`` egn, lnch or other, ``birth_year`` Int64; no personal field; constants and provenance kept.
    ``conservation``: one row a file and sheet: source, file, sheet, rows_read, accepted, quarantined.
    """

    accepted: pd.DataFrame
    findings: list[Finding]
    conservation: pd.DataFrame


def clean_source(
    study: Study,
    name: str,
    reading: Reading,
    pseudonymiser: Pseudonymiser,
    corrections: Sequence[Correction] = (),
    schools: frozenset[str] | None = None,
) -> Cleaned:
    """Clean what was read of one source. ``schools``: the study's school codes, None when it lists none.

    Files that cannot be used are findings of level ``refused``; none of their rows is accepted. Never raises for
    what stands in the cells.
    """
    source = study.sources[name]
    register = register_of(study, name).for_source(source)
    rows, told = apply_corrections(name, reading, register, corrections)
    rows = rows.sort_values(WHERE, kind="stable", ignore_index=True)
    faults = Faults(name, rows, reading.captions, findings=[*reading.findings, *told])
    faults.set_aside_unreadable()
    set_aside_totals(faults, register)
    typed = read_fields(faults, register, source, schools)
    typed = _read_identifiers(faults, typed, register, study, pseudonymiser)
    apply_rules(faults, typed, register, study)
    refuse_unusable_files(faults)
    kept = _kept_columns(typed, rows, register, source)
    set_aside_duplicates(faults, kept[~faults.aside], register.key)
    refuse_unusable_files(faults)
    tell_repeated_files(faults)
    key = [column for column in register.key if column in kept]
    accepted = kept[~faults.aside].sort_values([*key, *WHERE], kind="stable", ignore_index=True)
    conservation = count_rows(name, reading.rows, accepted, faults) if len(rows) else no_rows()
    return Cleaned(accepted, faults.findings, conservation)


def _read_identifiers(
    faults: Faults, typed: pd.DataFrame, register: Register, study: Study, pseudonymiser: Pseudonymiser
) -> pd.DataFrame:
    """Pseudonyms in place of numbers, with the type and year of birth that the first identifier of the row tells."""
    offset = study.identifiers.check_digit_offset
    read: dict[str, pd.Series] = {}
    for field in register.fields:
        if field.kind == "respondent":
            typed = typed.assign(**{field.name: pseudonymiser.pseudonym(read_codes(faults, field), "survey")})
        if field.kind != "identifier":
            continue
        declared = typed.get(field.type_field) if field.type_field else None
        persons = read_persons(faults, field, declared, study)
        if not read:
            read |= dict(tell_contradictions(faults, persons, typed, register).items())
            read["id_type"] = persons.id_types
        read[field.name] = pseudonymiser.pseudonym(persons.numbers, persons.id_types)
    return hide_private_numbers(typed, register, pseudonymiser, offset).assign(**read)


def _kept_columns(typed: pd.DataFrame, rows: pd.DataFrame, register: Register, source: Source) -> pd.DataFrame:
    """What is kept of a row: the register's fields in their order, what was derived, the constants, the place."""
    fields = [field for field in register.fields if field.name in typed]
    kept = [field.name for field in fields if field.use == "keep" and field.kind != "birth_date"]
    derived = [name for name in ("id_type", "birth_year", "age_at_entry") if name in typed and name not in kept]
    groups = re.compile(source.file_name).groupindex if source.file_name else {}
    constants = [name for name in [*source.constants, *groups] if name in rows and name not in typed]
    places = rows[WHERE].astype({"file": "str", "sheet": "str", "row": "Int64"}).fillna({"sheet": ""})
    return pd.concat([typed[[*kept, *derived]], rows[constants].astype("str"), places], axis=1)
