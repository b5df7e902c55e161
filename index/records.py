"""Papers as they are kept in the catalogue: one JSON object each, sources apart.

The content hash leaves the sources out: the same record met in a second file is the same paper.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from index.types import Paper, Source

_SURROGATE = re.compile("[\ud800-\udfff]")
_FIELDS = tuple(f.name for f in fields(Paper) if f.name != "sources")
_LATER = ("type", "volume", "issue", "pages", "publisher", "keywords", "retracted")


def to_json(paper: Paper) -> str:
    """All fields but the sources, keys sorted, so that equal papers give equal text.

    Fields that came after the first version are written when they hold something: the record of an
    older library is the text that it was.
    """
    record = {name: getattr(paper, name) for name in _FIELDS}
    for name in _LATER:
        if not record[name]:
            del record[name]
    record["extra"] = dict(paper.extra)
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)


def from_json(text: str, sources: Iterable[Source] = ()) -> Paper:
    """The paper that `to_json` wrote; fields of a newer Ibid are left aside."""
    record: dict[str, Any] = json.loads(text)
    values = {name: record[name] for name in _FIELDS if name in record}
    for name in ("authors", "keywords"):
        values[name] = tuple(values.get(name, ()))
    return Paper(**values, sources=tuple(sources))


def content_hash(record: str) -> bytes:
    """16 bytes that change whenever the JSON of a record does."""
    return text_hash(record)


def text_hash(text: str) -> bytes:
    """16 bytes of BLAKE2b over a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def storable(paper: Paper) -> Paper:
    """The paper with lone surrogates, which no file can hold, replaced one for one by U+FFFD."""
    try:
        to_json(paper).encode()
        return paper
    except UnicodeEncodeError:
        return replace(paper, **{name: _mended(getattr(paper, name)) for name in _FIELDS})


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, tuple | list):
        return type(value)(_mended(item) for item in value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return value
