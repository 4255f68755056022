"""What `make bench` times gives the other library's number; and a ratio is never one of different numbers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from speed import compare, table
from speed.compare import Line, compared
from speed.peers import peer_pins, shared_pins
from speed.runs import Run, Side
from speed.task import Task
from speed.tasks import TASKS

ROWS = 5000
LIBRARIES = {"diff-diff": "diff_diff", "causalinference": "causalinference", "statsmodels": "statsmodels"}
LIBRARIES |= {name: name for name in ("pyfixest", "doubleml", "lifelines")}


def told(numbers: dict[str, float], seconds: float) -> Run:
    said = {"cold": 9.0, "cold_cpu": 9.0, "warm": seconds, "warm_cpu": seconds, "peak_bytes": 2**20}
    return Run(ROWS, said | {"numbers": numbers})


def task(**given) -> Task:
    return Task("a task", lambda rows: rows, lambda data: {}, lambda data: {}, "a library", **given)


@pytest.mark.parametrize("one", TASKS, ids=lambda one: one.name)
def test_every_task_gives_finite_numbers_at_a_small_size(one):
    numbers = one.ours(one.data(ROWS))
    assert all(abs(value) < 1e6 for value in numbers.values())
    assert one.ours(one.data(ROWS)) == numbers


@pytest.mark.slow
@pytest.mark.parametrize("one", TASKS, ids=lambda one: one.name)
def test_the_other_library_gives_the_same_number(one):
    pytest.importorskip(LIBRARIES.get(one.peer_package, one.peer_package))
    data = one.data(ROWS)
    try:
        theirs = one.peer(data)
    except ImportError as missing:  # a part of the library that needs more than the product's environment has
        pytest.skip(str(missing))
    ours = one.ours(data)
    assert one.agree(ours, theirs), one.differences(ours, theirs)


def test_no_ratio_of_different_numbers():
    same = Line(task(), told({"effect": 1.0, "own se": 5.0}, 0.5), told({"effect": 1.0 + 1e-9}, 2.0))
    other = Line(task(), told({"effect": 1.0}, 0.5), told({"effect": 1.1}, 2.0))
    assert same.ratio == pytest.approx(4.0)
    assert other.ratio is None and "NOT THE SAME" in table.screen(other)
    assert table.data(other)["same_number"] is False


def test_nothing_in_common_is_no_agreement():
    assert not task().agree({"effect": 1.0}, {"se": 1.0})


def test_a_simulated_number_may_differ_by_chance_alone():
    simulated = task(by_chance={"p": 0.03})
    assert simulated.agree({"p": 0.50, "effect": 2.0}, {"p": 0.52, "effect": 2.0})
    assert not simulated.agree({"p": 0.50, "effect": 2.0}, {"p": 0.54, "effect": 2.0})


def test_a_library_that_cannot_is_named_with_the_reason():
    line = Line(task(), told({"effect": 1.0}, 0.5), None, "more than 8 GB")
    page = table.page([line], {"memory": "8 GB"}, ["another==1.0"])
    assert "a library | more than 8 GB" in page and "another==1.0" in page


def test_both_sides_stand_on_the_same_numpy():
    lock = (Path(__file__).resolve().parents[2] / "requirements.lock").read_text(encoding="utf-8")
    pinned = {pin.split("==")[0] for pin in shared_pins(lock)}
    assert pinned == {"numpy", "pandas", "scipy", "statsmodels"}
    assert all("==" in pin or pin in pinned for pin in peer_pins())


def test_the_largest_size_a_library_can_do_is_sought_from_below(monkeypatch):
    """200 s at 10,000 rows would be 400 s at 20,000, which is past the limit: it is not begun."""
    begun = []

    def measure(one, rows, side):
        begun.append((rows, side.name))
        slow = side.name == "peer"
        if slow and rows > 20_000:
            return Run(rows, {}, "more than 5 minutes")
        return Run(rows, told({"effect": 1.0}, rows / 50 if slow else 0.1).said)

    monkeypatch.setattr(compare, "measured", measure)
    sides = [Side(name, Path(sys.executable)) for name in ("ours", "peer")]
    lines = list(compared(task(), *sides, (50_000, 500_000), lambda what: None))
    assert [(line.ours.rows, line.peer is not None) for line in lines] == [
        (50_000, False), (500_000, False), (10_000, True)
    ]  # fmt: skip
    assert [rows for rows, side in begun if side == "peer"] == [50_000, 5_000, 10_000]
    assert lines[-1].ratio == pytest.approx(2000)
