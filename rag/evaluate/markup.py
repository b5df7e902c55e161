"""Text of any origin made safe for HTML and SVG: no control characters, no marks of direction, escaped."""

from __future__ import annotations

from html import escape

from rag.commands.output import plain


def safe(text: str) -> str:
    """The text for an element or a quoted attribute."""
    return escape(plain(text), quote=True)
