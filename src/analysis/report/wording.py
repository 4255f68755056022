"""What may be said of a result, by rule: the sentence follows from the row, and nobody can write a stronger one.

The sentences are in ``texts/catalogue/verdicts.yml``; this module only chooses among them and fills in the numbers.
"""

from __future__ import annotations

from collections import Counter

from analysis.report.advice import Advice
from analysis.report.results import Result
from analysis.report.verdict_states import VERDICTS, is_in_doubt, spans_zero, verdict_of
from analysis.texts import has_text, text
from analysis.texts.formats import NBSP

STRENGTHS = ("randomised", "observational")


class Wording(Advice):
    """Sentences about results in one language."""

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
