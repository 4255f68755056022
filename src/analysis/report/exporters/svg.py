"""An SVG file as part of a page: own ids, an accessible name, nothing that reaches beyond the figure."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
POINTS_TO_IDS = re.compile(r"url\(#([^)]+)\)")


def inline_svg(source: str, key: str, alt: str) -> str:
    """``source`` for HTML: ids begin with ``key``, ``alt`` is its title, metadata and page-wide styles are gone."""
    root = ET.fromstring(source)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        element.attrib = {_name(name): _value(name, value, key) for name, value in element.attrib.items()}
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{key}-title",
        "style": "stroke-linejoin:round;stroke-linecap:butt",
    }
    title = ET.Element("title", {"id": f"{key}-title"})
    title.text = alt
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode")


def _name(name: str) -> str:
    return name.removeprefix(f"{{{XLINK}}}")


def _value(name: str, value: str, key: str) -> str:
    if name == "id":
        return f"{key}-{value}"
    if _name(name) == "href" and value.startswith("#"):
        return f"#{key}-{value[1:]}"
    return POINTS_TO_IDS.sub(rf"url(#{key}-\1)", value)
