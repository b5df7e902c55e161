"""What `ibid check` finds in drafts whose citations were partly spoilt, and its false alarms.

    python tests/benchmarks/check.py            # 100 citations of the bundled papers, 30 spoilt; 3 drafts
    python tests/benchmarks/check.py SHARED     # the same with sentences that experts wrote (not shipped)

Sentences are paraphrases written by hand (paraphrases.tsv) and, to make up the number, sentences of the
bundled summaries reworded by rule. A citation counts as found when the audit calls it not supported or
contradicted or raises a flag for its sentence; whatever else is so marked is a false alarm.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from pathlib import Path

from figures import DEMO, show
from spoilt_drafts import KINDS, Cited, demo_sentences, expert_papers, expert_sentences, spoil

CITATIONS, SPOILT = 100, 30
RIGHT = "as it was"
PARAPHRASES = Path(__file__).with_name("paraphrases.tsv")


def paraphrases(papers) -> list[Cited]:
    by_title = {p.title: p.id for p in papers}
    rows = [line.split("\t") for line in PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    return [Cited(text, by_title[title]) for title, text in rows]


def chosen(library, papers, sentences, chance: random.Random) -> list[Cited]:
    """The sentences of one draft, spoilt in equal parts, in random order."""
    ids = [p.id for p in papers]

    def others(cited):
        near = [h.paper.id for h in library.search(cited.text, 6) if h.paper.id != cited.paper]
        return near, [i for i in ids if i != cited.paper]

    left = list(sentences)
    chance.shuffle(left)
    made, wanted = [], {kind: SPOILT // len(KINDS) for kind in KINDS}
    for kind in KINDS[: SPOILT % len(KINDS)]:
        wanted[kind] += 1
    for kind in sorted(KINDS, key=lambda k: k not in ("changed number", "flipped direction")):
        for cited in list(left):
            if sum(c.spoilt == kind for c in made) == wanted[kind]:
                break
            spoilt = spoil(cited, kind, chance, others)
            if spoilt:
                made.append(spoilt)
                left.remove(cited)
    made += left[: CITATIONS - len(made)]
    chance.shuffle(made)
    return made


def write(folder: Path, papers, cited: list[Cited]) -> tuple[Path, Path]:
    """A draft in Markdown and its bibliography, by title alone."""
    titles = {p.id: p.title for p in papers}
    used = {c.paper for c in cited}
    keys = {paper: f"k{n}" for n, paper in enumerate(sorted(used))}
    bib = [f"@article{{{keys[p]}, title = {{{{{titles[p]}}}}}}}\n" for p in sorted(used) if p in titles]
    lines = [f"{c.text[:-1]} [@{keys[c.paper]}]{c.text[-1]}\n\n" for c in cited]
    draft, refs = folder / "draft.md", folder / "refs.bib"
    draft.write_text("".join(lines), encoding="utf-8")
    refs.write_text("".join(bib), encoding="utf-8")
    return draft, refs


def audited(library, papers, cited: list[Cited], folder: Path):
    """Each citation with whether the audit raised an alarm, and its checked sentence."""
    draft, refs = write(folder, papers, cited)
    _, audit = library.check(draft, [refs])
    checked = [s for s in audit.sentences if s.citations]
    by_line = {s.sentence.line: [] for s in checked}
    for s in checked:
        by_line[s.sentence.line].append(s)
    for n, c in enumerate(cited):
        parts = by_line.get(2 * n + 1, [])
        yield c, any(s.wrong for s in parts), parts


def opened(folder: Path, papers_file: Path):
    from index.build import add_paths
    from rag.wiring import load_encoder, open_library

    add_paths(folder / "library", [papers_file], load_encoder())
    library = open_library(folder / "library", llm="none")
    return library, list(library.papers.papers())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", nargs="?", type=Path, help="folder with sentences of experts")
    parser.add_argument("--drafts", type=int, default=3)
    parser.add_argument("-v", action="store_true", help="print what was missed and every false alarm")
    given = parser.parse_args()
    total, found = Counter(), Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library, papers, pool = material(folder, given.shared)
        for seed in range(given.drafts):
            chance = random.Random(seed)
            cited = chosen(library, papers, pool(chance), chance)
            for c, alarm, parts in audited(library, papers, cited, folder):
                total[c.spoilt or RIGHT] += 1
                found[c.spoilt or RIGHT] += alarm
                if given.v and alarm != bool(c.spoilt):
                    tell(c, parts)
    rows = [(kind, total[kind], found[kind], f"{found[kind] / total[kind]:.1%}") for kind in (*KINDS, RIGHT)]
    spoilt, hits = (sum(counted[k] for k in KINDS) for counted in (total, found))
    rows.insert(len(KINDS), ("spoilt together", spoilt, hits, f"{hits / spoilt:.1%}"))
    title = f"{given.drafts} drafts of {CITATIONS} citations, {SPOILT} of them spoilt"
    show(title, ("kind", "citations", "alarms", "share"), rows)


def material(folder: Path, shared: Path | None):
    """A library, its papers, and what draws the sentences of a draft."""
    if shared is None:
        library, papers = opened(folder, DEMO)
        by_hand, more = paraphrases(papers), demo_sentences(papers)

        def pool(chance: random.Random) -> list[Cited]:
            return by_hand + chance.sample(more, CITATIONS - len(by_hand))

        return library, papers, pool
    file = folder / "papers.jsonl"
    file.write_text("".join(json.dumps(p) + "\n" for p in expert_papers(shared)), encoding="utf-8")
    library, papers = opened(folder, file)
    known = {p.id for p in papers}
    return library, papers, lambda _: [s for s in expert_sentences(shared) if s.paper in known]


def tell(cited: Cited, parts) -> None:
    print(f"\n{cited.spoilt or RIGHT}: {cited.text}")
    for part in parts:
        for c in part.citations:
            print(f"  {c.verdict.value} {c.support:.2f} {'; '.join(c.why)}\n  > {c.quote}")


if __name__ == "__main__":
    main()
