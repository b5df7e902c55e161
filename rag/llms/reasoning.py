"""Taking a model's reasoning, `<think>…</think>`, out of what it says.

Reasoning is not part of an answer: it is neither verified nor cited, so it is never shown. A block
that is opened and never closed runs to the end of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

OPEN = "<think>"
CLOSE = "</think>"


def strip_reasoning(text: str) -> str:
    """`text` without its reasoning.

    Some chat templates open the block in the prompt, so that only `</think>` appears in the
    answer: all before it is reasoning too. A stream cannot know that beforehand.
    """
    closed = text.find(CLOSE)
    if closed >= 0 and OPEN not in text[:closed]:
        text = text[closed + len(CLOSE) :].lstrip()
    return "".join(without_reasoning([text]))


def without_reasoning(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of a stream without its reasoning, whatever way the tags are cut over pieces.

    Text before the first tag passes as it is; white space right after a block is dropped.
    """
    held, inside, after_block = "", False, False
    for piece in pieces:
        held += piece
        while True:
            tag = CLOSE if inside else OPEN
            at = held.find(tag)
            end = at if at >= 0 else len(held) - _begun(held, tag)
            shown = "" if inside else held[:end]
            if after_block:
                shown = shown.lstrip()
            if shown:
                after_block = False
                yield shown
            held = held[end:] if at < 0 else held[at + len(tag) :]
            if at < 0:
                break
            inside, after_block = not inside, inside
    if held and not inside:
        yield held


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of `text` might begin `tag`."""
    return next((n for n in range(min(len(tag) - 1, len(text)), 0, -1) if tag.startswith(text[-n:])), 0)
