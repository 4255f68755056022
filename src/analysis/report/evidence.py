"""The numbers, tests and checks behind a verdict, in words."""

from __future__ import annotations

from analysis.report.results import Result
from analysis.report.spoken import Spoken
from analysis.report.verdict_states import VERDICTS, is_in_doubt, verdict_of
from analysis.texts import has_text

TESTS = ("p", "p_wild", "p_randomisation")
FEW_CLUSTERS = 4
ADJUSTED = ("holm", "romano_wolf", "randomisation")
DECISIVE = ("holm",)  # of a family of outcomes
DECISIVE_FOR_ARMS = ("holm", "randomisation")
GROUP_TIME = "group_time_dr"  # with covariates: inferred by influence functions alone


class Evidence(Spoken):
    """What speaks for a result and what against it."""

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

    def _failures(self, row: Result) -> list[str]:
        return self._reasons(row, "fail") or [self._say("checks.design.fail")]


def _known(check: str) -> str:
    return check if has_text(f"verdicts.checks.{check}.name") else "other"
