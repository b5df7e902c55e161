"""A library made from an evaluation's corpus, kept by what it holds so that the next run finds it ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from index.build import add_readings
from index.encoders import Encoder
from index.types import FileReading, Paper
from rag.partial import content_key

Progress = Callable[[int, int, str], None]


def collection_library(
    papers: Sequence[Paper], key: str, encoder: Encoder, cache: Path, progress: Progress | None = None
) -> Path:
    """The folder of a library of these papers, made when it is not in `cache` yet.

    :param key: stands for the papers' content; the embedder is part of the folder's name too.
    """
    folder = cache / content_key(key, str(sorted(encoder.id.to_dict().items())))[:24]
    if not folder.is_dir():
        making = folder.with_suffix(".making")  # where an interrupted run goes on: what is embedded is kept
        making.mkdir(parents=True, exist_ok=True)
        reading = FileReading("corpus", "evaluation", tuple(papers), read=len(papers))
        add_readings(making / "library", [reading], encoder, progress)
        os.replace(making / "library", folder)
        making.rmdir()
    return folder


def aliases(papers: Iterable[Paper], lines: Mapping[int, str]) -> dict[str, tuple[str, ...]]:
    """The ids of the corpus that each paper of its library stands for, its own first.

    Records that are one paper are merged on the way in; a judgement may name any of them.

    :param lines: the id that each line of the corpus gave.
    """
    found = {}
    for paper in papers:
        ids = [lines[source.line] for source in paper.sources if source.line in lines]
        found[paper.id] = tuple(dict.fromkeys([paper.id, *ids]))
    return found
