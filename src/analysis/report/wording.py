"""What may be said of a result, by rule: the sentence follows from the row, and nobody can write a stronger one.

The sentences are in ``texts/catalogue/verdicts.yml``; this module only chooses among them and fills in the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.report.labels import Labels
from analysis.report.reach import reach_key
from analysis.report.results import Result
from analysis.report.unit_words import worded
from analysis.report.values import Values
from analysis.study.design_settings import Offer
from analysis.study.settings import Outcome
from analysis.texts import has_text, text
from analysis.texts.formats import NBSP

VERDICTS = ("shown", "not_shown", "inconclusive", "design_failed")
TESTS = ("p", "p_wild", "p_randomisation")
FEW_CLUSTERS = 4
PROVING = ("randomised",)  # kinds of design whose comparison holds by construction
STRENGTHS = ("randomised", "observational")
UNCONTROLLED = "uncontrolled"  # a change that nobody was compared with
ADJUSTED = ("holm", "romano_wolf", "randomisation")
DECISIVE = ("holm",)  # of a family of outcomes
DECISIVE_FOR_ARMS = ("holm", "randomisation")
REFUSED = "refused="
GROUP_TIME = "group_time_dr"  # with covariates: inferred by influence functions alone


class Wording:
    """Sentences about results in one language."""

    def __init__(self, values: Values, labels: Labels) -> None:
        self.values, self.labels, self.language = values, labels, values.language
        self.level = values.study.inference.level
        self.outcomes = values.study.outcomes

    def verdict(self, outcome: str, population: str, row: Result | None) -> str:
        """The sentence on the effect for an outcome; also when there is no estimate or it is hidden."""
        state = verdict_of(row)
        words = self._names(outcome, population, row)
        if row is None or state == "absent":
            return self._say("effect.absent", **words)
        if state == "suppressed":
            return self._say("effect.suppressed", **words, threshold=self.values.study.disclosure.threshold)
        if state == "refused":
            return self._say("effect.refused", **words, reason=self.refusal(row)).rstrip()
        if row.measure == "change" and state in ("shown", "not_shown"):
            return self._change(row, words, state)
        return getattr(self, f"_{state}")(row, words)

    def refusal(self, row: Result) -> str:
        """Why the estimator said no, from the note ``refused=<rule>;<param>=<value>...``."""
        found = dict(part.split("=", 1) for part in row.note.split(";") if "=" in part)
        key = f"designs.{found.pop('refused')}.what"
        if "outcome" in found:
            found["outcome"] = self.labels.outcome(found["outcome"])
        return text(key, self.language, **found) if has_text(key) else ""

    def verdict_name(self, row: Result | None) -> str:
        state = verdict_of(row)
        if row is not None and row.measure == "change" and state in ("shown", "not_shown"):
            return self._say(f"names.change_{state}")
        if row is None or state != "shown":
            return self._say(f"names.{state}")
        return self._say(f"names.{'shown_worse' if self.direction(row) == 'worse' else 'shown'}.{self.strength(row)}")

    def verdict_in_table(self, row: Result | None) -> str:
        """The verdict's name where no sentence on the checks stands beside it: a doubt that they left is said."""
        name = self.verdict_name(row)
        return self._say("names.with_doubt", name=name) if is_in_doubt(row) else name

    def strength(self, row: Result) -> str:
        """How much a shown effect may claim: ``randomised`` proves, ``observational`` rests on its assumptions."""
        if row.measure == "change":
            return UNCONTROLLED
        design = self.values.study.designs.get(row.design)
        return "randomised" if design is not None and design.kind in PROVING else "observational"

    def legend(self, rows: list[Result | None]) -> list[str]:
        """What the verdicts mean, for the kinds of design that stand behind ``rows``."""
        found = {self.strength(row) for row in rows if row is not None and verdict_of(row) == "shown"}
        strengths = [name for name in STRENGTHS if name in found]
        unseen = ["not_shown"] if any(verdict_of(row) == "not_shown" for row in rows) else []
        return [self._say(f"legend.{key}") for key in (*strengths, *unseen)]

    def _shown(self, row: Result, words: dict[str, str]) -> str:
        gender = self.labels.outcome(row.outcome, "gender")
        change = "lower" if row.estimate < 0 else "higher"
        agreed = {
            "be": self._say(f"agreement.be.{gender}"),
            "comparative": self._say(f"agreement.{change}.{gender}"),
            "would_be": self._say(f"agreement.would_be.{gender}"),
        }
        direction = self._say(f"direction.{self.direction(row)}")
        numbers = {"evidence": self._evidence(row), "amount": self.by(row)}
        strength = self.strength(row)
        lead = self._say(f"effect.{'lead_in_doubt' if is_in_doubt(row) else 'lead'}.{strength}")
        said = {**words, **agreed, **numbers, "direction": direction, "lead": lead}
        return f"{self._say(f'effect.shown.{strength}', **said)} {self._reservations(row)}".rstrip()

    def _reservations(self, row: Result) -> str:
        """The doubts that the checks left beside an effect that is shown, by name; empty when they left none."""
        reasons = self._reasons(row, "doubt") if is_in_doubt(row) else []
        return self._say("checks.doubtful", reasons="; ".join(reasons), count=len(reasons)) if reasons else ""

    def _not_shown(self, row: Result, words: dict[str, str]) -> str:
        numbers = {
            "estimate": self.values.amount(row),
            "evidence": self._evidence(row),
            "detectable": self.detectable(row),
        }
        return self._say("effect.not_shown", **words, **numbers).rstrip()

    def _change(self, row: Result, words: dict[str, str], state: str) -> str:
        """A change between two waves that nobody was compared with: never an effect."""
        numbers = {"estimate": self.values.amount(row), "evidence": self._evidence(row), "amount": self.by(row)}
        way = self._say(f"change.{'fall' if row.estimate < 0 else 'rise'}")
        detectable = self.detectable(row) if state == "not_shown" else ""
        said = self._say(f"change.{state}", **words, **numbers, way=way, detectable=detectable).rstrip()
        return f"{said} {self._reservations(row)}".rstrip()

    def _inconclusive(self, row: Result, words: dict[str, str]) -> str:
        supporting, opposing = self._sides(row)
        amount = self.values.amount(row)
        if not (supporting and opposing):
            known = "; ".join([*supporting, *opposing]) or self._say("tests.none")
            return self._say("effect.inconclusive_lacking", **words, known=known, estimate=amount)
        sides = {"supporting": "; ".join(supporting), "opposing": "; ".join(opposing)}
        return self._say("effect.inconclusive", **words, **sides, estimate=amount)

    def _design_failed(self, row: Result, words: dict[str, str]) -> str:
        reasons = self._failures(row)
        given = {"reasons": "; ".join(reasons), "count": len(reasons), "estimate": self.values.amount(row)}
        return self._say("effect.design_failed", **words, **given)

    def _failures(self, row: Result) -> list[str]:
        return self._reasons(row, "fail") or [self._say("checks.design.fail")]

    def _sides(self, row: Result) -> tuple[list[str], list[str]]:
        """The tests that speak for an effect and those that do not, each as a phrase with its number."""
        sides: dict[str, list[str]] = {"for": [], "against": []}
        if row.has("ci_low") and row.has("ci_high"):
            side = "against" if row.ci_low <= 0 <= row.ci_high else "for"
            sides[side].append(self._say(f"tests.interval_{side}", interval=self.values.interval(row)))
        is_arm = bool(self.labels.arm_of(row.population))
        tests = () if is_arm else TESTS  # of several arms only the corrected p-values count
        shown = [field for field in tests if row.has(field) and not (field == "p" and row.has("ci_low"))]
        for field in shown:
            side = "for" if getattr(row, field) <= self.level else "against"
            sides[side].append(self._say(f"tests.{field}_{side}", p=self.values.p(row, field)))
        for name in DECISIVE_FOR_ARMS if is_arm else DECISIVE:
            adjusted = self.adjusted(row, name)
            if adjusted is not None:
                side = "for" if adjusted.estimate <= self.level else "against"
                key = f"tests.{self._kind_of_family(row, name)}{name}_{side}"
                sides[side].append(self._say(key, p=self.values.p(adjusted, "estimate")))
        if row.has("clusters") and not row.has("p_randomisation"):
            key = "not_made" if row.method == GROUP_TIME else "absent"
            sides["against"].append(self._say(f"tests.p_randomisation_{key}"))
        return sides["for"], sides["against"]

    def _kind_of_family(self, row: Result, name: str) -> str:
        """What a p-value was corrected for: outcomes (empty), arms, or both."""
        if not self.labels.arm_of(row.population):
            return ""
        declared = self.outcomes.get(row.outcome)
        return "arms_and_outcomes_" if declared and declared.family and name == "holm" else "arms_"

    def _evidence(self, row: Result) -> str:
        """The interval; with too few schools for one, the p-value of randomisation inference."""
        if row.has("ci_low"):
            return self._say("details.interval", **self._interval(row))
        fields = [field for field in ("p_randomisation", "p") if row.has(field)]
        return self._say(f"details.{fields[0]}", p=self.values.p(row, fields[0])) if fields else self._say("tests.none")

    def detectable(self, row: Result) -> str:
        """What effect the data could have found; empty without a minimum detectable effect."""
        if not row.has("mde"):
            return ""
        key = "detectable.schools" if row.has("clusters") else "detectable.persons"
        power = round(100 * self.values.study.inference.power)
        return self._say(key, mde=self.values.amount(row, "mde"), power=power)

    def details(self, row: Result | None) -> str:
        """The numbers behind a verdict in one sentence; empty when there is no estimate to back."""
        if row is None or verdict_of(row) not in VERDICTS:
            return ""
        parts = [self._say("details.estimate", estimate=self.values.amount(row))]
        if row.has("ci_low"):
            parts.append(self._say("details.interval", **self._interval(row)))
        adjusted = [(name, found) for name in ADJUSTED if (found := self.adjusted(row, name)) is not None]
        named = {"p": "p_schools"} if row.has("clusters") else {}
        tests = [(named.get(field, field), field) for field in TESTS if row.has(field)]
        parts += [self._say(f"details.{key}", p=self.values.p(row, field)) for key, field in tests]
        parts += [self._say(f"details.{name}", p=self.values.p(found, "estimate")) for name, found in adjusted]
        if row.has("mde"):
            parts.append(self._say("details.mde", mde=self.values.amount(row, "mde")))
        key = "details.lead_design_failed" if verdict_of(row) == "design_failed" else "details.lead"
        return self._say(key, parts="; ".join([*parts, *self._sizes(row)]))

    def _sizes(self, row: Result) -> list[str]:
        sizes = []
        if row.has("n") and row.has("n_treated") and row.n_treated != row.n and not row.has("clusters"):
            counts = {
                "n": self.values.noun(row, "n", "observations"),
                "treated": self.values.noun(row, "n_treated", "participants"),
            }
            sizes.append(self._say("details.n_treated", **counts, count=row.n))
        elif row.has("n"):
            sizes.append(self._say("details.n", n=self.values.noun(row, "n", "observations")))
        if row.has("clusters") and row.has("clusters_treated"):
            treated = self.values.amount(row, "clusters_treated")
            counts = {"clusters": self.values.noun(row, "clusters", "schools"), "treated": treated}
            sizes.append(self._say("details.clusters", **counts, count=row.clusters))
        return sizes

    def adjusted(self, row: Result, name: str) -> Result | None:
        """The p-value of a result corrected for the number of outcomes in its family, or of arms; None: alone."""
        if row.measure not in ("effect", "change") or row.term:
            return None
        found = self.values.results.find(row.outcome, row.population, "p_adjusted", name)
        return found if found is not None and found.has("estimate") else None

    def checks(self, row: Result | None, beside_verdict: bool = False) -> str:
        """One sentence for each state that the design's checks ended in, and one on fewer than four treated schools;
        ``beside_verdict`` leaves out the doubts that the verdict sentence has named already."""
        if row is None or row.is_suppressed:
            return ""
        states = {"failed": "fail", "doubtful": "doubt", "passed": "pass"}
        if beside_verdict and is_in_doubt(row):
            del states["doubtful"]
        found = {key: self._reasons(row, state) for key, state in states.items()}
        sentences = [
            self._say(f"checks.{key}", reasons="; ".join(reasons), count=len(reasons))
            for key, reasons in found.items()
            if reasons
        ]
        if row.has("p_randomisation") and row.clusters_treated and row.clusters_treated < FEW_CLUSTERS:
            sentences.append(self._say("few_clusters", count=row.clusters_treated))
        return " ".join(sentences)

    def check_name(self, name: str) -> str:
        return self._say(f"checks.{_known(name)}.name", name=name)

    def check_state(self, state: str) -> str:
        return self._say(f"states.{state}")

    def _reasons(self, row: Result, state: str) -> list[str]:
        names = [name for name, found in row.check_states.items() if found == state]
        return [self._say(f"checks.{_known(name)}.{state}", name=name.replace("_", " ")) for name in names]

    def naive(self, row: Result | None) -> str:
        """The before-after figure, always with the words that it is not an effect; empty when there is none."""
        if row is None or row.is_suppressed or not row.has("estimate"):
            return ""
        digits = self.values.quantity(row, "estimate", signed=False).text
        is_zero = not any(digit in "123456789" for digit in digits)
        key = "same" if is_zero else "down" if row.estimate < 0 else "up"
        printed = {"estimate": self.values.amount(row)} if is_zero else {"amount": self.by(row)}
        return self._say(f"naive.{key}", **printed)

    def per_participant(self, row: Result | None, headline: Result | None) -> str:
        if row is None or row.is_suppressed or not row.has("ci_low"):
            return ""
        is_effect = headline is not None and headline.measure != "change" and verdict_of(headline) == "shown"
        shown = is_effect and not is_in_doubt(headline) and not spans_zero(row)
        key = "shown" if shown else "other"
        said = self._say(f"participants.{key}", estimate=self.values.amount(row), **self._interval(row))
        in_doubt = row.check_states.get("spill_over") == "doubt"
        return f"{said} {self._say('participants.spill_over')}" if in_doubt else said

    def pretrend(self, row: Result | None, state: str) -> str:
        """The sentence on the joint test of the years before, which states its ``p`` and what it cannot prove."""
        if row is None or row.is_suppressed or not row.has("estimate"):
            return ""
        lead = f"pretrend.{row.term}"
        prefix = self._say(lead) + " " if has_text(f"verdicts.{lead}") else ""
        return prefix + self._say(f"pretrend.{state}", p=self.values.p(row, "estimate"))

    def recommendation(
        self, outcomes: list[str], row: Result | None, is_fragile: bool = False, populations: Sequence[str] = ()
    ) -> str:
        """What follows for the municipality from a verdict that these outcomes (in ``populations``, where they may be
        those of arms) share; ``row`` gives the numbers."""
        arms = [self.labels.arm_of(population) for population in populations] or [""] * len(outcomes)
        aims = [self._aim(outcome, arm) for outcome, arm in zip(outcomes, arms, strict=True)]
        joined = text("labels.list_and", self.language).join([", ".join(aims[:-1]), aims[-1]] if aims[1:] else aims)
        advice = self.advice(row, is_fragile)
        key = f"{advice}.{_observed(row)}" if advice == "not_shown" else advice
        words = {"aim": joined, "detectable": self._until("recommendation", row), "reasons": self._doubts(row)}
        return self._say(f"recommendation.{key}", **words).strip()

    def _aim(self, outcome: str, arm: str) -> str:
        aim = self.labels.outcome(outcome, "aim")
        if not arm:
            return aim
        return text("labels.with_arm", self.language, name=aim, arm=self.labels.named("arms", arm))

    def advice(self, row: Result | None, is_fragile: bool = False) -> str:
        """Which recommendation a result leads to."""
        state = verdict_of(row)
        if row is not None and row.measure == "change" and state in ("shown", "not_shown"):
            return "change"
        if row is None or state != "shown":
            return state
        direction = self.direction(row)
        if is_in_doubt(row):
            return f"shown_{direction}_in_doubt"
        return "shown_fragile" if is_fragile and direction == "better" else f"shown_{direction}"

    def lesson(self, outcome: str, population: str, row: Result | None) -> str:
        """What a next evaluation should do otherwise; speaks of schools or of people, as the design does."""
        state = verdict_of(row)
        if row is None or state not in VERDICTS:
            return ""
        words = {**self._names(outcome, population, row), "detectable": self._until("lesson", row)}
        if state == "design_failed":
            failures = self._failures(row)
            words |= {"reasons": "; ".join(failures)}
        if state == "inconclusive" and not all(self._sides(row)):
            state = "inconclusive_lacking"
        if row.measure == "change":
            return self._say("lesson.change", **words)
        if state == "shown":
            key = "shown_in_doubt" if is_in_doubt(row) else "shown"
            return self._say(f"lesson.{key}", **words, reasons=self._doubts(row))
        return self._say(f"lesson.{state}.{_observed(row)}", **words)

    def _doubts(self, row: Result | None) -> str:
        return "; ".join(self._reasons(row, "doubt")) if row is not None else ""

    def tally(self, rows: list[Result | None]) -> str:
        """How the headline results fall: so many shown, so many not."""
        counts = Counter(self._tallied(row) for row in rows)
        order = [*(f"shown.{strength}" for strength in STRENGTHS), "change_shown", "not_shown", "change_not_shown"]
        order += [*VERDICTS[2:], "absent"]
        parts = [self._say(f"tally.{state}", count=counts[state]) for state in order if counts[state]]
        doubtful = sum(is_in_doubt(row) for row in rows)
        parts += [self._say("tally.in_doubt", count=doubtful)] if doubtful else []
        noun = text("labels.nouns.results", self.language, count=len(rows))
        lead = self._say("tally.lead", total=f"{len(rows)}{NBSP}{noun}", count=len(rows))
        return f"{lead} {'; '.join(parts)}."

    def _tallied(self, row: Result | None) -> str:
        state = verdict_of(row)
        if row is not None and row.measure == "change" and state in ("shown", "not_shown"):
            return f"change_{state}"
        if row is not None and state == "shown":
            return f"shown.{self.strength(row)}"
        return state if state in VERDICTS else "absent"

    def direction(self, row: Result) -> str:
        """``better`` or ``worse`` for those concerned."""
        falls = row.estimate < 0
        outcome = self.outcomes.get(row.outcome)
        return "better" if falls == (outcome is None or outcome.better == "lower") else "worse"

    def by(self, row: Result, field: str = "estimate") -> str:
        """The size of a change as each language says it: ``с 2,8 процентни пункта``, ``2.8 percentage points``."""
        shown = self.values.quantity(row, field, signed=False).text
        key = "labels.by_before_s" if _read_with_s(shown) else "labels.by"
        return text(key, self.language, amount=self.values.amount(row, field, signed=False))

    def _until(self, where: str, row: Result | None) -> str:
        """The words on the smallest effect that could have been found; empty without a minimum detectable effect."""
        if row is None or not row.has("mde"):
            return ""
        return self._say(f"{where}.detectable", mde=self.values.amount(row, "mde"))

    def _interval(self, row: Result) -> dict[str, object]:
        return {"level": round(100 * (1 - self.level)), "interval": self.values.interval(row)}

    def _names(self, outcome: str, population: str, row: Result | None) -> dict[str, str]:
        phrase = self.labels.population(population, "phrase")
        declared = self.outcomes.get(outcome)
        key = reach_key(self.values.study.designs[declared.design], population) if declared else ""
        if key and not (row is not None and row.measure == "change"):
            phrase = self._say(f"reach.{key}", population=phrase)
        moment = self.values.results.moment(row) if row is not None else None
        if moment is not None:
            phrase += " " + text(f"labels.moments.{moment[0]}", self.language, count=moment[1])
        forms = {form: self.labels.outcome(outcome, form) for form in ("subject", "object")}
        return {**forms, "population": phrase, "cause": self._cause(declared)}

    def _cause(self, declared: Outcome | None) -> str:
        """What an effect on the outcome is of: the project; where none is evaluated, the offer or the treatment."""
        study = self.values.study
        if study.is_of_a_project:
            return self._say("cause.project")
        is_offer = declared is not None and isinstance(study.designs[declared.design], Offer)
        return self._say(f"cause.{'offer' if is_offer else 'treatment'}")

    def _say(self, key: str, **params: object) -> str:
        said = text(worded(self.values.study, f"verdicts.{key}"), self.language, **params)
        return said.replace("г..", "г.")  # a unit that ends as an abbreviation does („долара от 1978 г.“)


def verdict_of(row: Result | None) -> str:
    """One of VERDICTS, or ``absent`` (no row or number), ``suppressed``, or ``refused`` by the estimator.

    Whatever the row says of itself, a failed check fails it, and nothing is shown by an interval that holds zero.
    """
    if row is not None and row.is_suppressed:
        return "suppressed"
    if row is not None and row.note.startswith(REFUSED):
        return "refused"
    if row is None or row.verdict not in VERDICTS or not row.has("estimate"):
        return "absent"
    if "fail" in row.check_states.values():
        return "design_failed"
    return "inconclusive" if row.verdict == "shown" and spans_zero(row) else row.verdict


def is_in_doubt(row: Result | None) -> bool:
    """Whether a check left a doubt beside an effect (or a change) that is shown."""
    return row is not None and verdict_of(row) == "shown" and "doubt" in row.check_states.values()


def spans_zero(row: Result) -> bool:
    """Whether the interval holds zero; an interval that is not there holds nothing."""
    return row.has("ci_low") and row.has("ci_high") and row.ci_low <= 0 <= row.ci_high


def _observed(row: Result | None) -> str:
    """What a design needs more of: ``schools`` or ``persons``."""
    return "schools" if row is not None and row.has("clusters") else "persons"


def _known(check: str) -> str:
    return check if has_text(f"verdicts.checks.{check}.name") else "other"


def _read_with_s(shown: str) -> bool:
    """Whether the number is read with „с“ first (седем, седемнадесет, сто), so that „с“ before it becomes „със“."""
    lead = shown.lstrip("+\u2212").split(",")[0].split(NBSP)[0]
    value = int(lead) if lead.isdigit() else 0
    if 1000 <= value < 10_000:
        value //= 1000
        return value == 7
    return value in (7, 17) or 70 <= value < 80 or 100 <= value < 200 or 700 <= value < 800
