"""Every sentence the rules can write, on numbers that trip grammar: 0, 1, 2, 21, 7, negative ones."""

from __future__ import annotations

import re

import pytest

from analysis.files import results_table
from analysis.report.results import Results
from analysis.report.spoken import read_with_s
from analysis.report.verdict_states import VERDICTS, verdict_of
from analysis.texts.catalogue import catalogue

SIZES = (0.0, 1.0, 2.0, 21.0, 7.2, 100.0, -1.0, -2.0, -21.0, -7.2, -17.0)
SPAN = re.compile(r"\[([^\]]*)\]\{[^}]*\}")
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = {"CR"}


def said(markdown: str) -> str:
    return SPAN.sub(r"\1", markdown).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def sentences(report_of):
    """All that the rules say of one row, the verdict first, the recommendation second."""

    def spoken(row: dict, language: str) -> list[str]:
        report = report_of(Results(results_table([row])), language)
        wording, (result,) = report.content.wording, list(report.content.results)
        key = (result.outcome, result.population, result)
        all_of_it = [wording.verdict(*key), wording.recommendation([result.outcome], result), wording.lesson(*key)]
        all_of_it += [wording.details(result), wording.checks(result), wording.naive(result), wording.tally([result])]
        all_of_it += [wording.per_participant(result, result), wording.verdict_name(result)]
        all_of_it += [wording.pretrend(result, state) for state in ("pass", "doubt", "fail")]
        return [said(sentence) for sentence in all_of_it if sentence]

    return spoken


@pytest.fixture(scope="module")
def pages(sentences, effect):
    """language -> every sentence on every kind of row."""
    rows = [effect(size, unit, verdict) for verdict in VERDICTS for unit in ("share", "hours") for size in SIZES]
    for clusters in (1, 2, 3):
        few = {"clusters_treated": clusters, "ci_low": None, "ci_high": None, "p_wild": None, "mde": None, "p": None}
        rows.append(effect(-2.0, "share", "shown", **few))
    for name in ("sample", "overlap", "unheard_of"):
        rows += [effect(1.0, "hours", "design_failed", checks=f"{name}:{state}") for state in ("pass", "doubt", "fail")]
    rows.append(effect(1.0, "hours", "shown", note="suppressed"))
    rows.append(effect(float("nan"), "hours", "design_failed", note="refused=no_rows", checks="design:fail"))
    rows.append(effect(float("nan"), "hours", ""))
    return {language: [s for row in rows for s in sentences(row, language)] for language in ("bg", "en")}


@pytest.fixture(params=["bg", "en"])
def page(request, pages):
    return pages[request.param]


def test_no_sentence_shows_its_machinery(page):
    assert [s for s in page if "{" in s or "}" in s or "None" in s or "nan" in s.split()] == []


def test_no_sentence_has_double_blanks_or_stray_signs(page):
    assert [s for s in page if re.search(r"  | [,.;:)]|\( |\.\.|,,|-\d", s)] == []


def test_every_sentence_begins_and_ends_as_one(page):
    whole = [s for s in page if len(s) > 60]
    assert [s for s in whole if not s.endswith(".") or not s.lstrip("*")[0].isupper()] == []


def test_bulgarian_has_no_latin_words(pages):
    found = {word for sentence in pages["bg"] for word in LATIN.findall(sentence)} - ALLOWED
    assert found <= {"unheard", "of"}  # a check that nobody named is shown by its own name


def test_decimal_signs_follow_the_language(pages):
    assert [s for s in pages["bg"] if re.search(r"\d\.\d", s)] == []
    assert [s for s in pages["en"] if re.search(r"\d,\d(?!\d\d)", s)] == []


@pytest.mark.parametrize(
    ("size", "unit", "expected"),
    [
        (-1.0, "share", "по-нисък с 1,0 процентен пункт,"),
        (-2.0, "share", "по-нисък с 2,0 процентни пункта,"),
        (21.0, "share", "по-висок с 21,0 процентни пункта,"),
        (-7.2, "share", "по-нисък със 7,2 процентни пункта,"),
        (-1.0, "hours", "по-малък с 1,0 час,"),
        (-21.0, "hours", "по-малък с 21,0 часа,"),
        (-17.0, "hours", "по-малък със 17,0 часа,"),
        (100.0, "hours", "по-голям със 100,0 часа,"),
    ],
)
def test_bulgarian_agrees_with_its_numbers(size, unit, expected, sentences, effect):
    assert expected in sentences(effect(size, unit, "shown"), "bg")[0]


@pytest.mark.parametrize(("size", "expected"), [(1.0, "1 училище."), (2.0, "2 училища."), (3.0, "3 училища.")])
def test_few_project_schools_are_said_with_the_right_noun(size, expected, sentences, effect):
    row = effect(-2.0, "share", "shown", clusters_treated=int(size))
    assert any(f"само {expected}" in sentence for sentence in sentences(row, "bg"))


@pytest.mark.parametrize("shown", ["7", "17", "70,5", "100", "7\u00a0000", "123,4", "−7,1", "7200"])
def test_numbersread_with_s(shown):
    assert read_with_s(shown)


@pytest.mark.parametrize("shown", ["0", "1", "6", "16", "27", "60", "200", "1000", "21,7", "0,7", "12\u00a0000"])
def test_other_numbers(shown):
    assert not read_with_s(shown)


def test_not_shown_never_claims_a_small_effect(sentences, effect):
    for language, never in (
        ("bg", ("слаб ефект е", "малък ефект", "няма ефект")),
        ("en", ("small effect", "has no effect")),
    ):
        spoken = " ".join(sentences(effect(-0.4, "share", "not_shown"), language))
        assert all(words not in spoken for words in never)
    assert "Не беше установен ефект" in sentences(effect(-0.4, "share", "not_shown"), "bg")[0]
    assert "No effect could be shown" in sentences(effect(-0.4, "share", "not_shown"), "en")[0]


def test_not_shown_says_what_could_have_been_found(sentences, effect):
    said = {"bg": "при действителен ефект от поне 2,0 процентни пункта", "en": "at least 2.0 percentage points"}
    for language, words in said.items():
        (sentence, *_) = sentences(effect(-0.4, "share", "not_shown"), language)
        assert (
            words in sentence
            and {"bg": "доверителният интервал", "en": "the confidence interval"}[language] in sentence
        )


def test_inconclusive_puts_each_test_on_its_side(sentences, effect):
    row = effect(-4.0, "share", "inconclusive", p_wild=0.05, p_randomisation=0.0501)
    spoken = sentences(row, "en")[0]
    supporting, opposing = spoken.split("Against it:")
    assert (
        "does not contain zero" in supporting and "bootstrap by school rejects" in supporting
    )  # p at the level rejects
    assert "randomisation inference does not reject" in opposing and "bootstrap" not in opposing


def test_a_required_test_that_is_wanting_is_said(sentences, effect):
    row = effect(-4.0, "share", "inconclusive", p_wild=0.01, p_randomisation=None)
    assert "рандомизационният тест не може да бъде направен" in sentences(row, "bg")[0]


def test_design_failed_names_the_reason_and_does_not_conclude(sentences, effect):
    row = effect(-4.0, "share", "design_failed", checks="pretrend:fail;clusters:pass")
    spoken = sentences(row, "bg")
    assert "двете групи училища са се развивали различно още преди проекта" in spoken[0]
    assert "не може да се тълкува като ефект" in spoken[0]
    assert "Вследствие" not in " ".join(spoken)


def test_worse_is_called_worse(sentences, effect):
    assert "влошаване" in sentences(effect(4.0, "share", "shown"), "bg")[0]
    assert "да не бъдат продължавани" in sentences(effect(4.0, "share", "shown"), "bg")[1]
    assert "желаната посока" in sentences(effect(-4.0, "share", "shown"), "bg")[0]


def test_naive_figure_is_never_causal(sentences, effect):
    for size, words in ((-2.0, "намаление с 2,0"), (2.0, "увеличение с 2,0"), (0.0, "не показва промяна")):
        naive = next(s for s in sentences(effect(size, "share", "shown"), "bg") if s.startswith("Простото сравнение"))
        assert words in naive and naive.endswith("не е оценка на ефекта.")


def test_an_interval_beside_zero_never_prints_zero(sentences, effect):
    row = effect(-3.0, "hours", "shown", ci_low=-5.0, ci_high=-0.004)
    assert "до −0,004 часа" in sentences(row, "bg")[0]


def test_hidden_results_give_no_number_away(sentences, effect):
    spoken = sentences(effect(-4.0, "share", "shown", note="suppressed"), "bg")
    assert "не се показва" in spoken[0] and "4,0" not in " ".join(spoken)


def test_a_refused_design_says_why(sentences, effect):
    spoken = sentences(effect(float("nan"), "share", "design_failed", note="refused=no_period_before;start=2021"), "bg")
    assert "Няма данни отпреди началото на проекта (2021)." in spoken[0]


@pytest.mark.parametrize("world", VERDICTS)
def test_planted_verdicts_are_read_as_planted(world, planted):
    for row in planted(world).all(measure=("effect", "after_exit")):
        assert verdict_of(row) == world


def test_an_outcome_nobody_named_is_still_spoken_of(report_of):
    report = report_of(Results(results_table([])), "bg")
    assert report.content.wording.verdict("bread_price", "bakers", None).startswith("За показателя „bread price“")


def test_sentences_of_verdicts_take_only_known_parameters():
    known = {
        *("subject", "object", "population", "be", "comparative", "amount", "would_be", "evidence", "direction"),
        *("estimate", "interval", "level", "p", "mde", "power", "detectable", "supporting", "opposing", "reasons"),
        *("reason", "threshold", "parts", "n", "clusters", "treated", "count", "total", "name", "aim", "mde"),
        *("shown", "not_shown", "known", "way", "lead", "cause"),
    }
    used = set()
    for key, entry in catalogue().items():
        if key.startswith("verdicts."):
            for form in entry.values():
                texts = form.values() if isinstance(form, dict) else [form]
                used |= {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}
    assert used <= known


def test_a_comparison_without_a_draw_is_never_said_to_prove(pages):
    claims = [s for s in pages["bg"] if re.search(r"[Дд]оказан", s)]
    assert [s for s in pages["bg"] if "Установен ефект (при приетите допускания)" in s] and claims == []
    assert [s for s in pages["en"] if re.search("[Ee]ffect is shown", s)] == []


def test_a_draw_may_be_said_to_prove(report_of, effect):
    wording = report_of(Results(results_table([effect(-4.0, "share", "shown")])), "bg").content.wording
    (row,) = wording.values.results
    wording.strength = lambda row: "randomised"
    assert wording.verdict(row.outcome, row.population, row).startswith("**Доказан ефект.** Вследствие на проекта")
    assert wording.verdict_name(row) == "доказан ефект" and "при 1 е доказан ефект." in wording.tally([row])
    assert "по случаен начин" in wording.legend([row])[0]


def test_a_doubt_that_the_checks_left_stands_in_tables_too(report_of, effect):
    for checks, words in (("pretrend:doubt;clusters:pass", "проверките оставят съмнение"), ("pretrend:pass", "")):
        row = {**effect(-4.0, "share", "shown"), "checks": checks}
        wording = report_of(Results(results_table([row])), "bg").content.wording
        (found,) = wording.values.results
        assert wording.verdict_in_table(found).removeprefix(wording.verdict_name(found)).lstrip("; ") == words


def test_lessons_and_advice_speak_of_what_the_design_compares(sentences, effect):
    person = {"outcome": "employed", "chapter": "employment", "population": "participants", "p_wild": None}
    person |= {"design": "participants_aipw", "clusters": None, "clusters_treated": None, "p_randomisation": None}
    for verdict in ("not_shown", "inconclusive", "design_failed"):
        schools = " ".join(sentences(effect(-1.0, "share", verdict), "bg")[1:3])
        people = " ".join(sentences(effect(-1.0, "share", verdict, **person), "bg")[1:3])
        assert "училища" in schools and "лица" not in schools, verdict
        assert "лица" in people and "училища" not in people.replace("отпадането от училище", ""), verdict


def test_without_a_detectable_effect_none_is_spoken_of(sentences, effect):
    for language, wanting in (("bg", "няма данни"), ("en", "no data")):
        spoken = sentences(effect(-0.4, "share", "not_shown", mde=None), language)
        assert [s for s in spoken if wanting in s or "по-слаб от" in s or "smaller than" in s] == []


def test_a_shown_effect_is_never_printed_as_zero(sentences, effect):
    assert "по-нисък с 0,04 процентни пункта," in sentences(effect(-0.04, "share", "shown"), "bg")[0]


def test_hidden_and_refused_results_do_not_ask_for_data(sentences, effect):
    hidden = sentences(effect(-4.0, "share", "shown", note="suppressed"), "bg")
    refused = sentences(effect(float("nan"), "share", "design_failed", note="refused=no_rows"), "bg")
    assert "групата е твърде малка" in hidden[1] and "друг метод" in refused[1]


def test_one_check_is_said_in_the_singular(sentences, effect):
    one = " ".join(sentences(effect(1.0, "hours", "design_failed", checks="pretrend:fail"), "bg"))
    two = " ".join(sentences(effect(1.0, "hours", "design_failed", checks="pretrend:fail;sample:fail"), "bg"))
    assert "Неиздържана проверка:" in one and "Неиздържани проверки:" in two and "2 от проверките" in two
