"""The JSON schema of study.yml, from the model that reads it; with the registers, their columns and codes by name."""

from __future__ import annotations

import json
from typing import Any

from analysis.study.agreement import register_names
from analysis.study.registers import load_register
from analysis.study.settings import Study

SCHEMA = "study.schema.json"


def schema_text() -> str:
    """The schema as JSON text; names under ``sources`` are those of the registers that are known."""
    schema: dict[str, Any] = Study.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    source = schema["$defs"]["Source"]
    source["properties"]["register"] |= {"enum": register_names()}
    source["allOf"] = [_columns_of(name) for name in register_names()]
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _columns_of(name: str) -> dict[str, Any]:
    """Once a source takes this register, only its columns may be named, only those with a code list under codes."""
    register = load_register(name)
    columns = {field.name: {"description": field.header or ""} for field in register.fields}
    coded = [field.name for field in register.fields if field.codes or field.kind in ("boolean", "id_type")]
    then = {
        "columns": {"propertyNames": {"enum": list(columns)}, "properties": columns},
        "codes": {"propertyNames": {"enum": coded}},
    }
    return {"if": {"properties": {"register": {"const": name}}, "required": ["register"]}, "then": {"properties": then}}
