"""Writing to the terminal: JSON and results to stdout, notices to stderr, text made safe to show."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def print_json(value: Any) -> None:
    """One JSON document and a line end."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def console(*, error: bool = False) -> Console:
    """A rich console that follows NO_COLOR and plain pipes; markup in text is off."""
    from rich.console import Console

    return Console(
        stderr=error, markup=False, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty()
    )


def plain(text: str) -> str:
    """Text from a file or a model without control characters, which could drive the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
