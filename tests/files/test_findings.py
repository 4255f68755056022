from analysis.files import Finding, InputRefused, findings_table


def test_findings_become_a_sorted_table_with_rows_as_seen():
    table = findings_table(
        [
            Finding("b", "noted", "r", "f"),
            Finding("a", "quarantined", "r", "f", row=12, params={"ред": "3"}),
            Finding("a", "quarantined", "r", "f", row=9),
        ]
    )
    assert list(table["source"]) == ["a", "a", "b"]
    assert list(table["row"][:2]) == [9, 12]
    assert table["row"].isna().iloc[2]
    assert table["params"].iloc[1] == '{"ред": "3"}'


def test_no_findings_give_an_empty_table_with_its_columns():
    assert list(findings_table([]).columns)[:3] == ["source", "level", "rule"]


def test_a_refusal_carries_its_findings():
    finding = Finding("a", "refused", "reading.empty", "x.csv")
    assert InputRefused([finding]).findings == [finding]
