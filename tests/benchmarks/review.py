"""Reviews on labelled topics: core papers found, papers that belong, citations that hold; and seconds.

A question file has lines with `type` "survey", `question` and `gold` (title or first words, grade 2 core
or 1 marginal). Time is that of a fresh process without any cache over 25 papers, with the given model.

    python tests/benchmarks/review.py QUESTIONS.jsonl LIBRARY [LLM]
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

from figures import show

TOPICS, TIMED = 12, 25


def main(questions: Path, library: Path, llm: str) -> None:
    from rag.wiring import open_library

    with tempfile.TemporaryDirectory() as home:
        os.environ["IBID_HOME"] = home
        bare = Path(home) / "library"
        shutil.copytree(library, bare, ignore=shutil.ignore_patterns("derived*"))
        first, whole, papers = timed(open_library(bare, llm=llm))
    opened = open_library(library, llm="none")
    ids = {norm(p.title or p.abstract[:60]): p.id for p in opened.papers.papers()}
    rows = [measure(opened, q, ids) for q in surveys(questions)]
    mean = [sum(row[i] for row in rows) / len(rows) for i in range(1, 5)]
    table = [(r[0][:56], f"{r[1]:.2f}", f"{r[2]:.2f}", r[3], f"{r[4]:.2f}") for r in rows]
    table.append(("mean", f"{mean[0]:.2f}", f"{mean[1]:.2f}", f"{mean[2]:.1f}", f"{mean[3]:.2f}"))
    show("Reviews", ("topic", "core found", "belong", "papers", "references hold"), table)
    show(
        f"A review with {llm}, nothing cached",
        ("papers", "first section, s", "whole, s"),
        [(papers, f"{first:.1f}", f"{whole:.1f}")],
    )


def timed(opened) -> tuple[float, float, int]:
    from rag.commands.review import wake
    from rag.review.collect import Wanted

    topic = "large language models in medicine"
    ids = tuple(hit.paper.id for hit in opened.search(topic, TIMED))  # no model, nothing read yet
    began = time.monotonic()
    wake(opened)
    reviewer = opened.reviewer
    collection = reviewer.collect(Wanted(topic, with_ids=ids, most=TIMED))
    first = 0.0
    for _ in reviewer.draft(reviewer.outline(collection), collection):
        first = first or time.monotonic() - began
    return first, time.monotonic() - began, len(collection.taken)


def surveys(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [r for r in records if r["type"] == "survey" and not r.get("turns")][:TOPICS]


def measure(opened, question: dict, ids: dict[str, str]) -> tuple[str, float, float, int, float]:
    from rag.review.collect import Wanted

    gold = {}
    for g in question["gold"]:
        name = norm(g["title"] or g["first_words"])
        gold[next(i for key, i in ids.items() if key.startswith(name) or name.startswith(key))] = g["grade"]
    reviewer = opened.reviewer
    collection = reviewer.collect(Wanted(question["question"]))
    *_, review = reviewer.draft(reviewer.outline(collection), collection)
    taken = {i for section in review.sections for i in section.placed}
    core = {i for i, grade in gold.items() if grade == 2}
    held = references_hold(opened, review)
    return (
        question["question"],
        len(core & taken) / len(core),
        len(taken & set(gold)) / len(taken),
        len(taken),
        held,
    )


def references_hold(opened, review) -> float:
    """The share of forms in which what is cited is what is listed, and all of it is in the library."""
    from rag.review.formats import render_all

    files = render_all(review, [Path(f"r{end}") for end in (".md", ".docx", ".tex", ".html")])
    keys = {review.keys[i] for i in review.order}
    known = set(opened.papers.papers_by_id(review.order)) == set(review.order)
    text = {path.suffix: data.decode("utf-8", "replace") for path, data in files.items()}
    entries = set(re.findall(r"^@\w+\{([^,]+),", text[".bib"], re.MULTILINE))
    cited = set(re.findall(r"@([\w-]+)(?=[;\]])", text[".md"]))
    tex = {k for group in re.findall(r"\\cite\{([^}]+)\}", text[".tex"]) for k in group.split(",")}
    places, links = (set(re.findall(p, text[".html"])) for p in (r'id="([pr]\d+)"', r'href="#([pr]\d+)"'))
    holds = [
        known and cited == keys == entries,
        known and tex == keys,
        known and links <= places and len([p for p in places if p[0] == "r"]) == len(keys),
        known and word_holds(files[Path("r.docx")], len(keys)),
    ]
    return sum(holds) / len(holds)


def word_holds(data: bytes, count: int) -> bool:
    import docx

    document = docx.Document(io.BytesIO(data))
    cells = [p for t in document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs]
    raised = [r.text for p in [*document.paragraphs, *cells] for r in p.runs if r.font.superscript]
    numbers = {int(n) for text in raised for n in text.split(",")}
    listed = [p.text for p in document.paragraphs if re.match(r"\[\d+\] ", p.text)]
    return numbers == set(range(1, count + 1)) and len(listed) == count


def norm(text: str) -> str:
    return re.sub(r"[^0-9a-zà-ɏͰ-ϿЀ-ӿ]+", "", unicodedata.normalize("NFKC", text).lower())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if sys.argv[3:] else "smollm2")
