"""Formulas as pictures in the page: feedback runs no script and fetches nothing, so nothing else could draw them."""

from __future__ import annotations

import base64
import html
import re
from functools import lru_cache
from io import BytesIO
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONGEST = 400  # characters: students type formulas too, and the time to draw one grows with its length
SIZE = 12  # points
AXIS = 0.25 * SIZE  # of lower-case letters, the height of their middle: where CSS puts a picture's middle
STYLE: Any = {"mathtext.fontset": "stix", "svg.hashsalt": "formula"}  # the salt makes equal formulas equal bytes
SYNONYMS = {"tfrac": "frac", "ge": "geq", "le": "leq", "ne": "neq"}  # that Matplotlib does not know
COMMAND = re.compile(r"\\([A-Za-z]+)")
PREFIX = "data:image/svg+xml;base64,"


def markdown_to_html(source: str, **options: Any) -> str:
    """Render Markdown as nbconvert does, with formulas drawn."""
    return MarkdownWithMath(renderer=_Renderer(**options)).render(source)


class _Renderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return formula(body, "formula display")

    def inline_math(self, body: str) -> str:
        return formula(body, "formula")


def formula(tex: str, kind: str) -> str:
    """Give a formula as an image; as it was typed where Matplotlib does not know how to draw it."""
    typed = html.escape(tex.strip())
    try:
        drawn = base64.b64encode(_draw(COMMAND.sub(_known, " ".join(tex.split())))).decode()
    except Exception:  # Matplotlib raises whatever it trips over
        return f"<code>{typed}</code>"
    return f'<img class="{kind}" alt="{typed}" src="{PREFIX}{drawn}">'


def _known(command: re.Match[str]) -> str:
    return f"\\{SYNONYMS.get(command[1], command[1])}"


@lru_cache(maxsize=1000)
def _draw(tex: str) -> bytes:
    """Draw a formula as SVG, with the middle of its lower-case letters in the middle of the picture."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    if len(tex) > LONGEST:
        raise ValueError("too long to be drawn")
    text, file = f"${tex}$", BytesIO()
    with rc_context(STYLE):
        font = FontProperties(size=SIZE)
        width, height, depth, _, _ = MathTextParser("path").parse(text, dpi=72, prop=font)
        half = max(height - depth - AXIS, depth + AXIS) + 1
        figure = Figure(figsize=((width + 2) / 72, 2 * half / 72))
        figure.text(1 / (width + 2), (half - AXIS) / (2 * half), text, fontproperties=font)
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return file.getvalue()
