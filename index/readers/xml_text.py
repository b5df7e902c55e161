"""Text of an XML element with its markup made plain: raised numbers, labels of sections, formulae."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.readers.markup import label_of, raised

_SKIPPED = frozenset(
    {"tex-math", "annotation", "xref", "fn", "table-wrap", "fig", "inline-graphic", "graphic"}
)
_BREAKS = frozenset({"p", "sec", "title", "list-item", "br", "break", "AbstractText", "style-break"})


def local_name(element: Any) -> str:
    """The tag without its namespace; "" for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def flat_text(element: Any) -> str:
    """All text of an element on one line; nothing for None."""
    if element is None:
        return ""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    return " ".join("".join(_parts(element)).split())


def _parts(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local_name(child)
        if name in ("sup", "sub") and len(child) == 0:
            text = (child.text or "").strip()
            yield raised(text) if name == "sup" else text
        elif name == "msup" and len(child) == 2:
            yield flat_text(child[0]) + raised(flat_text(child[1]))
        elif name == "title" and local_name(element) == "sec":
            yield f" {label_of(flat_text(child))}"
        elif name and name not in _SKIPPED:
            blank = " " if name in _BREAKS else ""
            yield f"{blank}{''.join(_parts(child))}{blank}"
        yield child.tail or ""


def find_text(element: Any, path: str) -> str:
    """The text at a path below an element, or ""."""
    return flat_text(element.find(path)) if element is not None else ""


def find_texts(element: Any, path: str) -> list[str]:
    """The texts at a path below an element, without empty ones."""
    found = element.iterfind(path) if element is not None else ()
    return [text for item in found if (text := flat_text(item))]
