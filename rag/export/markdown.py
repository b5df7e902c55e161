"""Text for Markdown files, shown as it is."""

from __future__ import annotations

import re

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$^@])")


def escape(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))
