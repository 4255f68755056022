"""Tables that a study puts together itself."""

import pandas as pd
import pytest

from analysis.files import Workspace
from analysis.panels import declared_panels
from analysis.study import Study

PLACES = {"file": "a.csv", "sheet": ""}


@pytest.fixture
def study():
    person = [{"name": "code", "kind": "text"}, {"name": "score", "kind": "number"}, {"name": "sex", "kind": "code"}]
    own = {"files": "a.csv", "key": ["code"], "fields": person, "codes": {"sex": {"f": ["жена"], "m": ["мъж"]}}}
    group = {"files": "b.csv", "key": ["code"], "fields": person[:2]}
    words = {"bg": "x", "en": "x"}
    return Study.model_validate(
        {
            "name": "trial",
            "project": {"name": words, "beneficiary": words, "start": "2020-01-01", "end": "2020-12-31"},
            "data_cut_off": "2020-12-31",
            "sources": {"first": own, "second": {**own, "files": "c.csv"}, "more": group},
            "panels": {
                "people": {
                    "rows": ["first", "second"],
                    "join": [{"source": "more", "on": ["code"]}],
                    "populations": {"women": {"sex": ["f"]}},
                }
            },
            "designs": {},
            "outcomes": {},
            "report": {"chapters": []},
        }
    )


@pytest.fixture
def clean():
    def table(codes, scores, sexes=None):
        made = pd.DataFrame({"code": codes, "score": scores, **PLACES, "row": range(2, 2 + len(codes))})
        return made.assign(sex=pd.array(sexes, dtype="str")) if sexes else made

    return {
        "first": table(["a", "b"], [1.0, 2.0], ["f", "m"]),
        "second": table(["c"], [3.0], [None]).assign(file="c.csv"),
        "more": table(["a", "c"], [10.0, 30.0]),
    }


def test_rows_stand_below_one_another_and_others_beside_them(study, clean):
    people = declared_panels(study, clean)["people"]
    assert people["code"].tolist() == ["a", "b", "c"] and people["source"].tolist() == ["first", "first", "second"]
    assert people["score"].tolist() == [1.0, 2.0, 3.0]
    assert people["more_score"].tolist()[::2] == [10.0, 30.0] and pd.isna(people["more_score"].iloc[1])
    assert people["case"].is_unique and "row" not in people


def test_a_population_is_those_with_the_named_values_and_a_gap_belongs_to_none(study, clean):
    assert declared_panels(study, clean)["people"]["women"].tolist() == [True, False, False]


def test_a_join_that_does_not_name_one_row_is_refused(study, clean):
    twice = {**clean, "more": pd.concat([clean["more"], clean["more"]])}
    with pytest.raises(ValueError, match="merge"):
        declared_panels(study, twice)


def test_a_join_by_other_columns_than_the_key_is_a_fault_of_the_settings(study):
    from analysis.study.agreement import disagreements

    panel = study.panels["people"]
    join = panel.join[0].model_copy(update={"on": ["sex"]})
    other = study.model_copy(update={"panels": {"people": panel.model_copy(update={"join": [join]})}})
    folder = Workspace("trial", Workspace.of("trial").root).settings
    assert ("panels.people.join.0.on", "wrong_choice", "sex: code") in disagreements(other, folder)
