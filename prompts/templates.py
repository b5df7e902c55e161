"""The prompts: one text file each beside this module, with `$name` placeholders.

A prompt is text that people read and tune, so it lives in a file; its placeholders are declared
here, so that a file and its caller cannot drift apart unnoticed. Values are put in once and never
looked at again: a `$title` or a `{brace}` inside an abstract stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from string import Template
from types import MappingProxyType

PLACEHOLDERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "answer": frozenset({"question", "evidence"}),
        "digest": frozenset({"question", "title", "sentences"}),
    }
)


def render(name: str, **values: str) -> str:
    """The prompt `name` with its placeholders replaced.

    Raises `KeyError` for a prompt that is not declared, and `ValueError` unless the values are
    exactly its placeholders: both are mistakes of the calling code.
    """
    declared = PLACEHOLDERS[name]
    if values.keys() != declared:
        wrong = ", ".join(sorted(values.keys() ^ declared))
        raise ValueError(f"prompt {name!r} takes {', '.join(sorted(declared))}; missing or unknown: {wrong}")
    return _load(name).substitute(values)


def fingerprint(name: str) -> str:
    """Twelve hex digits that change with the prompt's text: a part of the key of cached answers."""
    return hashlib.sha256(_load(name).template.encode()).hexdigest()[:12]


def load_all() -> dict[str, str]:
    """Every prompt's text by name; raises `ValueError` when files and declarations disagree."""
    present = {f.name.removesuffix(".txt") for f in files(__package__).iterdir() if f.name.endswith(".txt")}
    if present != PLACEHOLDERS.keys():
        wrong = ", ".join(sorted(present ^ PLACEHOLDERS.keys()))
        raise ValueError(f"prompts without a file, or files without a declaration: {wrong}")
    return {name: _load(name).template for name in sorted(present)}


@lru_cache
def _load(name: str) -> Template:
    template = Template((files(__package__) / f"{name}.txt").read_text(encoding="utf-8").strip())
    found = frozenset(template.get_identifiers())
    if not template.is_valid() or found != PLACEHOLDERS[name]:
        raise ValueError(
            f"prompts/{name}.txt: has placeholders {', '.join(sorted(found)) or 'none'}, "
            f"declared are {', '.join(sorted(PLACEHOLDERS[name]))} (write $$ for a dollar sign)"
        )
    return template
