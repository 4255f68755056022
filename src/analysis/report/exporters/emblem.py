"""The flag of the European Union, drawn from its published geometry: no picture file is needed.

Field 3:2 in RGB 0-51-153; twelve upright stars (255-204-0) on a circle of a third of the height, each star inscribed
in a circle of an eighteenth of the height (Implementing Regulation (EU) 821/2014, annex II).
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

HEIGHT = 36.0
INNER = (3 - math.sqrt(5)) / 2  # inner to outer radius of a regular five-pointed star


def emblem_svg(alt: str) -> str:
    """The emblem as a self-contained SVG named ``alt``."""
    width, circle = HEIGHT * 1.5, HEIGHT / 3
    stars = ""
    for hour in range(12):
        angle = math.radians(30 * hour)
        centre = width / 2 + circle * math.sin(angle), HEIGHT / 2 - circle * math.cos(angle)
        stars += f'<polygon fill="#ffcc00" points="{_star(*centre)}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {HEIGHT:g}" width="{width * 2:g}" '
        f'height="{HEIGHT * 2:g}" role="img"><title>{escape(alt)}</title>'
        f'<rect width="{width:g}" height="{HEIGHT:g}" fill="#003399"/>{stars}</svg>'
    )


def _star(x: float, y: float) -> str:
    points = []
    for corner in range(10):
        radius = HEIGHT / 18 * (1 if corner % 2 == 0 else INNER)
        angle = math.radians(36 * corner)
        points.append(f"{x + radius * math.sin(angle):.4f},{y - radius * math.cos(angle):.4f}")
    return " ".join(points)


def emblem_png() -> bytes:
    """The emblem as a picture for formats that take no SVG, drawn by Typst."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "emblem.svg").write_text(emblem_svg(""), encoding="utf-8")
        page = Path(folder) / "emblem.typ"
        page.write_text(
            '#set page(width: auto, height: auto, margin: 0pt)\n#image("emblem.svg", height: 16mm)', "utf-8"
        )
        return bytes(typst.compile(str(page), format="png", ppi=300))
