"""Cutting a stream of text: a model's reasoning out of it, and all from a stop word on.

Reasoning, `<think>…</think>`, is no part of an answer: it is neither verified nor cited, so it is
never shown. A block that is opened and never closed runs to the end of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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


class StopWords:
    """Passes text on until the first stop word, which is left out; `found` tells that it came."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(word for word in words if word)
        self._held = ""
        self.found = False

    def feed(self, text: str, *, last: bool = False) -> str:
        """The text that is certain not to belong to a stop word; all of it when `last`."""
        if self.found:
            return ""
        self._held += text
        places = [at for at in (self._held.find(word) for word in self._words) if at >= 0]
        if places:
            self.found = True
            return self._held[: min(places)]
        kept = 0 if last else max((_begun(self._held, word) for word in self._words), default=0)
        shown, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return shown


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of `text` might begin `tag`."""
    return next((n for n in range(min(len(tag) - 1, len(text)), 0, -1) if tag.startswith(text[-n:])), 0)
