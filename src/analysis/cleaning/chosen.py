"""Whether an option is among those that a respondent ticked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.cleaning.booleans import boolean_parser
from analysis.cleaning.cell import Parsed, Parser
from analysis.cleaning.look_alikes import comparable


def chosen_parser(further: Mapping[str, list[str]]) -> Parser:
    """A parser of cells that list the ticked options, separated by commas or semicolons, or hold 0 and 1.

    ``further["true"]`` holds the option as the questionnaire words it; commas inside an option do not cut it, since the
    whole option is looked for between separators. A cell that lists other options alone is False.
    """
    options = [
        re.compile(rf"(?:^|[,;]\s*){re.escape(comparable(text))}(?:\s*[,;]|$)") for text in further.get("true", [])
    ]
    own = {code: texts for code, texts in further.items() if code == "false"}
    parse_plain = boolean_parser(own)

    def parse(text: str) -> Parsed:
        cell = comparable(text)
        if any(option.search(cell) for option in options):
            return Parsed(True)
        plain = parse_plain(text)
        return plain if plain.value is not None else Parsed(False)

    return parse
