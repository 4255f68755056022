"""Letters: what is believed, what is mended, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources.encoding import decode, mend, reads_as_bulgarian, went_through_western
from analysis.sources.tables import Refused

TEXT = "Успяваме заедно; Община Хасково; Щъркелово; И така нататък; „Цветна градина“ № 5"
bulgarian = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъьюяАБВИРС №;\n", min_size=30, max_size=200)


def open_cp1251(content: bytes) -> str:
    """As programs do that put a control character for the one byte windows-1251 leaves open."""
    return "".join(chr(byte) if byte == 0x98 else bytes([byte]).decode("cp1251") for byte in content)


def test_utf8_read_as_windows_1251_is_mended_when_no_byte_was_lost():
    garbled = open_cp1251(TEXT.encode("utf-8"))
    assert garbled.startswith("РЈСЃРї")
    decoded = decode(garbled.encode("utf-8"))
    assert decoded.text == TEXT
    assert [remark.rule for remark in decoded.remarks] == ["reading.encoding_repaired"]


def test_utf8_read_as_windows_1251_with_a_lost_byte_is_refused():
    garbled = TEXT.encode("utf-8").decode("cp1251", errors="replace")
    with pytest.raises(Refused) as refused:
        decode(garbled.encode("utf-8"))
    assert refused.value.rule == "reading.double_encoded"


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_windows_1251_read_as_western_is_mended(wrong):
    text = TEXT.replace("„", "").replace("“", "").replace("№", "")
    garbled = text.encode("cp1251").decode(wrong)
    assert decode(garbled.encode("utf-8")).text == text


def test_western_languages_are_left_alone():
    text = "Prénom;École;Müller;Señor;Gonçalves;élève;là-bas;Ångström;Søren"
    assert not went_through_western(text)
    assert decode(text.encode("utf-8")).text == text


def test_a_code_page_is_believed_only_when_it_reads_like_bulgarian():
    assert reads_as_bulgarian(TEXT)
    with pytest.raises(Refused) as refused:
        decode(TEXT.replace("№", "N").replace("„", "").replace("“", "").encode("cp866"))
    assert refused.value.rule == "reading.encoding_unknown"
    assert refused.value.params == {"line": "1"}


def test_a_declared_encoding_is_not_a_guess():
    assert decode(TEXT.encode("cp1251"), ["windows-1251"]).remarks == []
    assert [remark.rule for remark in decode(TEXT.encode("cp1251")).remarks] == ["reading.encoding_guessed"]


def test_a_broken_unicode_file_is_refused():
    with pytest.raises(Refused) as refused:
        decode(b"\xef\xbb\xbfabc\xff\xfe")
    assert refused.value.rule == "reading.encoding_damaged"


@settings(derandomize=True, deadline=None, max_examples=60)
@given(bulgarian)
def test_any_bulgarian_text_survives_every_encoding(text):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)).text == text
    if reads_as_bulgarian(text):
        assert decode(text.encode("cp1251"), ["windows-1251"]).text == text


@settings(derandomize=True, deadline=None, max_examples=60)
@given(bulgarian)
def test_mending_gives_the_original_or_nothing(text):
    assert mend(open_cp1251(text.encode("utf-8"))) in (text, None)


WESTERN_TEXT = "Programm;Vermögen;Familiengröße;Alter²\nBehandlung;3,5;2;1600\nSí;Señor;année;1\n"


def test_a_western_file_is_not_read_as_cyrillic():
    decoded = decode(WESTERN_TEXT.encode("cp1252"))
    assert decoded.text == WESTERN_TEXT
    assert [(remark.rule, remark.params) for remark in decoded.remarks] == [
        ("reading.encoding_guessed", {"encoding": "WINDOWS-1252"})
    ]


@pytest.mark.parametrize(("encoding", "text"), [("cp1252", WESTERN_TEXT), ("iso-8859-2", "žena;škola\nčtyři;1\n")])
def test_a_declared_western_code_page_is_taken_at_its_word(encoding, text):
    decoded = decode(text.encode(encoding), [encoding])
    assert decoded.text == text and decoded.remarks == []


def test_latin_letters_that_slipped_into_bulgarian_words_make_no_western_file():
    mixed = "Mария Aнгелова;EГН;CУ „Христo Ботев“\nAнна Борисова;1;да\n"
    assert decode(mixed.encode("cp1251")).text == mixed
