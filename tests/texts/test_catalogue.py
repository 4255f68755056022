import re

import pytest

from analysis.texts import TextMissing, text
from analysis.texts.catalogue import LANGUAGES, catalogue

PARAMETER = re.compile(r"\{(\w+)[^}]*\}")


def _forms(entry):
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def test_every_text_stands_in_both_languages():
    incomplete = [key for key, entry in catalogue().items() if set(entry) != set(LANGUAGES)]
    assert incomplete == []


def test_both_languages_take_the_same_parameters():
    unequal = []
    for key, entry in catalogue().items():
        taken = [{name for form in _forms(entry[lang]) for name in PARAMETER.findall(form)} for lang in LANGUAGES]
        if taken[0] != taken[1]:
            unequal.append((key, taken))
    assert unequal == []


def test_bulgarian_texts_use_bulgarian_quotes():
    bulgarian = [(key, form) for key, entry in catalogue().items() for form in _forms(entry["bg"])]
    assert [key for key, form in bulgarian if '"' in form or form.count("„") != form.count("“")] == []


def test_a_missing_text_says_which_one():
    with pytest.raises(TextMissing, match=r"no\.such\.key"):
        text("no.such.key", "bg")
