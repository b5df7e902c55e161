"""An abstract to chunks: windows of whole sentences, with exact offsets into the stored text."""

from __future__ import annotations

import re

from index.sentences import split_sentences

CHUNKER = "sentences/300/1"  # splitter / most words / sentences shared; kept in the manifest
# Nearly every abstract is one chunk. The encoder reads its first 256 tokens; on development questions
# that found as much as two shorter chunks or a longer window (MRR of single-paper questions 0.93
# against 0.83 and 0.87; survey recall at 20 0.83 against 0.80 and 0.83) at two thirds of the cost.
# The rest of a long abstract is still found by its words and judged sentence by sentence.
MAX_WORDS = 300
TINY = 6  # a last chunk that adds less than a sixth of `max_words` joins the one before

Span = tuple[int, int]


def chunk_abstract(abstract: str, *, max_words: int = MAX_WORDS, overlap_sentences: int = 1) -> list[Span]:
    """Spans of at most `max_words` words, each sharing its first sentences with the one before.

    A sentence that is longer is cut at blanks. The last span may be longer by what would have
    been a tiny span of its own. An empty abstract gives [(0, 0)], so that its title has a chunk.
    """
    sentences = [part for span in split_sentences(abstract) for part in _cut(abstract, span, max_words)]
    if not sentences:
        return [(0, 0)]
    words = [_count(abstract, span) for span in sentences]
    windows = _windows(words, max_words, overlap_sentences)
    if len(windows) > 1:
        added = sum(words[windows[-2][1] : windows[-1][1]])
        if added < max_words / TINY:
            windows[-2:] = [(windows[-2][0], windows[-1][1])]
    return [(sentences[first][0], sentences[last - 1][1]) for first, last in windows]


def _windows(words: list[int], max_words: int, overlap: int) -> list[Span]:
    """Half-open ranges of sentence numbers; each has at least one sentence that is new."""
    windows: list[Span] = []
    first = end = 0
    while end < len(words):
        total = sum(words[first:end])
        while first < end and total + words[end] > max_words:  # the overlap leaves no room for the next
            total, first = total - words[first], first + 1
        while end < len(words) and (total + words[end] <= max_words or end == first):
            total, end = total + words[end], end + 1
        windows.append((first, end))
        first = max(end - overlap, first + 1)
    return windows


def _cut(text: str, span: Span, max_words: int) -> list[Span]:
    start, end = span
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text[start:end])]
    if len(words) <= max_words:
        return [span]
    return [
        (start + words[i][0], start + words[min(i + max_words, len(words)) - 1][1])
        for i in range(0, len(words), max_words)
    ]


def _count(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].split())
