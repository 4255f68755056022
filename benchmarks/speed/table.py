"""The figures as a table on the screen, as data (docs/benchmarks.json) and as a page (docs/benchmarks.md)."""

from __future__ import annotations

from collections.abc import Sequence

from speed.compare import Line

HEAD = ("rows", "ours", "ours, cold", "peak", "other", "time", "cold", "peak", "ratio", "ratio (processor)", "numbers")
MEGABYTE = 2**20
ABOUT = """\
# How fast the estimators are

Made by `make bench`; do not edit by hand. Every task is done by our estimator and by the fastest library on PyPI that
was found to give the right number, on the same data in the same run, each in a process of its own with one thread for
its linear algebra. *Cold* is the first call, with the import of the library and whatever it compiles; the other time
is the best of the further calls, six at most and none begun after ten seconds, so that there are fewer of them at the
large sizes; where the first call took more than half a minute of the processor, it is the only one. *Ratio* is the
other's time over ours, both warm, by the clock and by the processor's time (which other work on the machine disturbs
less); it is given only where the numbers are the same, and how far apart they are stands beside it. *Peak* is the most
memory the process held, data included. Nothing here is asserted: it is what one machine said. A library that needs
more than 5 minutes or 8 GB is shown at the largest size that was tried and that it can do.
"""


def cells(line: Line) -> list[str]:
    ours, peer = line.ours, line.peer
    own = [f"{ours.rows:,}", _seconds(ours.seconds), _seconds(ours.said["cold"]), _megabytes(ours.peak)]
    if peer is None:
        return [*own, line.task.peer_package, line.why, "", "", "", "", ""]
    theirs = [_seconds(peer.seconds), _seconds(peer.said["cold"]), _megabytes(peer.peak)]
    return [*own, line.task.peer_package, *theirs, *_ratios(line), apart(line)]


def _ratios(line: Line) -> list[str]:
    if line.ratio is None or line.peer is None:
        return ["", ""]
    processor = line.peer.said.get("warm_cpu", line.peer.said["cold_cpu"])
    own = line.ours.said.get("warm_cpu", line.ours.said["cold_cpu"])
    return [_times(line.ratio), _times(processor / own) if own > 0 else ""]


def apart(line: Line) -> str:
    """How far apart the numbers are, and whether that makes them the same."""
    told = ", ".join(f"{name} {gap:.0e}" for name, gap in line.difference.items())
    return f"same: {told}" if line.agree else f"NOT THE SAME: {told}"


def _seconds(value: float) -> str:
    return f"{value:.4f} s" if value < 0.1 else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def _megabytes(value: int) -> str:
    return f"{value / MEGABYTE:,.0f} MB"


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"


def screen(line: Line) -> str:
    shown = cells(line)
    text = f"  {shown[0]:>9}  ours {shown[1]:>9} (cold {shown[2]:>9}, {shown[3]:>8})  {shown[4]} "
    if line.peer is None:
        return text + shown[5]
    return text + f"{shown[5]:>9} (cold {shown[6]:>9}, {shown[7]:>8})  ratio {shown[8] or '-'}  {shown[10]}"


def page(lines: Sequence[Line], machine: dict[str, str], missing: Sequence[str], broken: Sequence[str] = ()) -> str:
    parts = [ABOUT, "\n".join(f"- {name}: {text}" for name, text in machine.items())]
    if missing:
        parts.append(f"Not installed here, and so not compared with: {', '.join(missing)}.")
    if broken:
        parts.append("\n".join(f"- not done by our own estimator: {what}" for what in broken))
    for task in dict.fromkeys(line.task.name for line in lines):
        own = sorted((line for line in lines if line.task.name == task), key=lambda line: line.ours.rows)
        parts.append("\n".join([f"## {task[0].upper()}{task[1:]}", "", _markdown(HEAD, [cells(line) for line in own])]))
        parts += [own[0].task.note] if own[0].task.note else []
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data(line: Line) -> dict[str, object]:
    """A line for docs/benchmarks.json."""
    found: dict[str, object] = {"task": line.task.name, "rows": line.ours.rows, "ours": _side(line.ours.said)}
    found["peer"] = line.task.peer_package
    if line.peer is None:
        return found | {"peer_stopped": line.why}
    return found | {
        "theirs": _side(line.peer.said),
        "differences": {name: float(f"{gap:.2g}") for name, gap in line.difference.items()},
        "same_number": line.agree,
        "ratio": None if line.ratio is None else round(line.ratio, 2),
    }


def _side(said: dict) -> dict[str, object]:
    times = {name: round(said[name], 5) for name in ("cold", "cold_cpu", "warm", "warm_cpu") if name in said}
    return {"seconds": times, "peak_megabytes": round(said["peak_bytes"] / MEGABYTE), "numbers": said["numbers"]}
