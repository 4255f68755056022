"""Where the report's fonts lie; known without loading a library that draws."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
