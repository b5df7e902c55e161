"""How well records of one work are found again: `python tests/benchmarks/duplicates.py FILE...`.

Each record of the files gets a twin with the usual differences of another export, and some get a record
that only looks alike (an erratum, a second part, a later edition). Prints recall and precision of what
is merged, and how many pairs are left to a person.
"""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index.dedupe import fold, identity_keys  # noqa: E402
from index.likeness import Likeness, compare  # noqa: E402
from index.names import split_name  # noqa: E402
from index.readers.table import read_paths  # noqa: E402
from index.types import Paper, Source  # noqa: E402

rng = random.Random(7)
VERBOSE = "-v" in sys.argv
NEITHER = {"doi": None, "pmid": None, "arxiv_id": None}


def main() -> None:
    """Print the table."""
    papers, _ = fold(p for r in read_paths(a for a in sys.argv[1:] if a != "-v") for p in r.papers if p.title)
    papers = [p for p in papers if len(p.title or "") >= 20 and not p.retracted]
    records: list[tuple[str, Paper]] = []
    for n, paper in enumerate(papers):
        paper = replace(paper, id=f"own{n}", sources=(Source("a", n, "x"),))
        twin = replace(changed(paper), id=f"twin{n}", sources=(Source("b", n, "x"),))
        records += [(f"w{n}", paper), (f"w{n}", twin)]
        for kind, other in enumerate(lookalikes(paper)):
            records.append(
                (f"w{n}-{kind}", replace(other, id=f"o{n}-{kind}", sources=(Source("c", n, "x"),)))
            )
    rng.shuffle(records)
    work = {paper.sources[0]: name for name, paper in records}
    merged, _ = fold(paper for _, paper in records)
    right = wrong = 0
    for paper in merged:
        names = [work[source] for source in paper.sources]
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                right += a == b
                wrong += a != b
                if a != b and VERBOSE:
                    print("wrong:", a, b, paper.title, paper.year, paper.sources)
    pairs = len(papers)
    if VERBOSE:
        show_missed(merged, work, {record.id: record for _, record in records})
    print(f"{len(records)} records, {pairs} pairs, {len(records) - 2 * pairs} lookalikes")
    if not pairs:
        sys.exit("name files or folders with records that have titles")
    print(f"recall {right / pairs:.4f}, precision {right / (right + wrong):.4f} ({wrong} wrong)")
    print(f"left to a person: {doubts(merged)} pairs")


def show_missed(merged: list[Paper], work: dict[Source, str], records: dict[str, Paper]) -> None:
    """Print the pairs that were not found."""
    places: dict[str, set[str]] = {}
    for paper in merged:
        for source in paper.sources:
            places.setdefault(work[source], set()).add(paper.id)
    for name, ids in places.items():
        if len(ids) > 1:
            own, twin = records[f"own{name[1:]}"], records[f"twin{name[1:]}"]
            print("missed:", compare(own, twin))
            for p in (own, twin):
                print(
                    "   ", p.title, p.year, p.doi, p.pmid, p.authors[:2], p.volume, p.pages, len(p.abstract)
                )


def doubts(papers: list[Paper]) -> int:
    """Pairs of what is left that share a key and are doubtful."""
    by_key: dict[str, list[Paper]] = {}
    for paper in papers:
        for key in identity_keys(paper):
            by_key.setdefault(key, []).append(paper)
    found = set()
    for group in by_key.values():
        for i, a in enumerate(group[:50]):
            for b in group[i + 1 : 50]:
                if compare(a, b) is Likeness.DOUBTFUL:
                    found.add(frozenset((a.id, b.id)))
    return len(found)


def changed(paper: Paper) -> Paper:
    """The record as another export might have it: several of the usual differences at once."""
    for change in rng.sample(CHANGES, rng.randint(2, 5)):
        paper = change(paper)
    return paper


def _title(paper: Paper, title: str) -> Paper:
    return replace(paper, title=title) if len(title) > 8 else paper


def _initials(name: str) -> str:
    parts = split_name(name)
    given = "".join(w[0] for w in re.findall(r"\w+", parts.given))
    return f"{parts.family} {given}".strip()


def _typo(paper: Paper) -> Paper:
    words = (paper.title or "").split()
    long = [i for i, w in enumerate(words) if len(w) > 6 and w.isalpha()]
    if not long:
        return paper
    at = rng.choice(long)
    letter = rng.randrange(2, len(words[at]) - 1)
    words[at] = words[at][:letter] + words[at][letter + 1] + words[at][letter] + words[at][letter + 2 :]
    return _title(paper, " ".join(words))


def _edited(paper: Paper) -> Paper:
    sentences = paper.abstract.split(". ")
    if len(sentences) > 5:
        sentences.pop(rng.randrange(len(sentences)))
    return replace(paper, abstract=". ".join(sentences))


def _labels_off(paper: Paper) -> Paper:
    return replace(paper, abstract=re.sub(r"\b[A-Z]{4,}(?: [A-Z&/ ]+)?: ", "", paper.abstract))


def _plain_letters(paper: Paper) -> Paper:
    text = unicodedata.normalize("NFKD", paper.title or "")
    return _title(paper, "".join(c for c in text if not unicodedata.combining(c)))


CHANGES = [
    lambda p: replace(p, **NEITHER),
    lambda p: replace(p, doi=None),
    lambda p: replace(p, pmid=None),
    lambda p: _title(p, (p.title or "").upper()),
    lambda p: _title(p, re.sub(r"[^\w\s]", " ", p.title or "")),
    lambda p: _title(p, (p.title or "").replace(" and ", " & ")),
    lambda p: _title(p, f"{p.title}."),
    lambda p: _title(p, re.split(r"[:?] ", p.title or "")[0]),
    lambda p: replace(p, authors=tuple(map(_initials, p.authors))),
    lambda p: replace(p, authors=p.authors[:3]),
    lambda p: replace(p, authors=p.authors[:1]),
    lambda p: replace(p, year=p.year + rng.choice((-1, 1)) if p.year else None),
    lambda p: replace(p, abstract=""),
    lambda p: replace(p, abstract=p.abstract[:500], truncated=len(p.abstract) > 500),
    lambda p: replace(p, venue=p.extra.get("journal_abbreviation") or p.venue),
    lambda p: replace(p, pages=(p.pages or "").split("-")[0] or None),
    lambda p: replace(p, volume=None, issue=None, pages=None),
    _typo,
    _edited,
    _labels_off,
    _plain_letters,
]


def lookalikes(paper: Paper) -> list[Paper]:
    """Other works that share much with this one."""
    year = (paper.year or 2000) + 3
    other = rng.choice(
        (
            replace(paper, **NEITHER, title=f"Erratum: {paper.title}", abstract="", pages="999"),
            replace(paper, **NEITHER, title=f"Reply to: {paper.title}", abstract="", pages="998"),
            replace(paper, doi="10.9999/edition", pmid=None, year=year, pages="1", volume="99"),
            replace(paper, **NEITHER, title=f"{paper.title} Part 2", pages="77", abstract=""),
            replace(paper, **NEITHER, title=f"Second {paper.title}", pages="7", abstract="", year=year),
        )
    )
    return [other] if rng.random() < 0.3 else []


if __name__ == "__main__":
    main()
