"""A BEIR folder: corpus.jsonl, queries.jsonl, qrels/*.tsv (Thakur et al. 2021), checked line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadError, UsageError
from rag.evaluate.lines import Problems, nothing_usable, numbered, read_objects, read_text

SPLITS = ("test", "dev", "train")  # in the order of preference
Qrels = dict[str, dict[str, int]]  # query id → paper id → grade


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be searched."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """What a BEIR folder asks and what it holds for right; `paper_ids` are in the order of `corpus`.

    `lines` gives the paper id of each line of the corpus. Queries without a judgement are left out, as
    they cannot be scored.
    """

    corpus: Path
    split: str
    lines: dict[int, str]
    queries: tuple[Query, ...]
    qrels: Qrels
    problems: tuple[str, ...]


def read_collection(folder: Path, split: str | None = None) -> Collection:
    """Read and check a folder.

    :param split: a name under qrels/; by default the first of test, dev and train that is there.
    :raises ReadError: when a file is missing or nothing in it can be used.
    """
    corpus, queries_file = folder / "corpus.jsonl", folder / "queries.jsonl"
    for path in (corpus, queries_file):
        if not path.is_file():
            raise ReadError(f"{path}: not there; a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/")
    qrels_file = _qrels_file(folder, split)
    problems: Problems = []
    lines = _read_corpus(corpus, problems)
    queries, unusable = _read_queries(queries_file, problems)
    qrels = _read_qrels(qrels_file, set(lines.values()), {q.id for q in queries} | unusable, problems)
    asked = tuple(q for q in queries if any(grade > 0 for grade in qrels.get(q.id, {}).values()))
    if not asked:
        raise nothing_usable(f"{qrels_file}: judges no query of {queries_file} as relevant", problems)
    judged = {q.id: qrels[q.id] for q in asked}
    return Collection(corpus, qrels_file.stem, lines, asked, judged, tuple(problems))


def _qrels_file(folder: Path, split: str | None) -> Path:
    there = sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))
    if not there:
        raise ReadError(f"{folder / 'qrels'}: holds no .tsv file; put the judgements into qrels/test.tsv")
    chosen = split or next((name for name in SPLITS if name in there), there[0])
    if chosen not in there:
        raise UsageError(
            f"--split {chosen} does not exist in {folder / 'qrels'}; there is {', '.join(there)}"
        )
    return folder / "qrels" / f"{chosen}.tsv"


def _read_corpus(path: Path, problems: Problems) -> dict[int, str]:
    """Paper ids by line. A paper with a title alone is searched by it, and named."""
    lines: dict[int, str] = {}
    known: set[str] = set()
    for number, record in read_objects(path, "papers (_id, title, text)", problems):
        identity = str(record.get("_id") or "")
        if not identity:
            problems.append(f"{path}:{number}: no _id; left out")
        elif identity in known:
            problems.append(f"{path}:{number}: _id {identity} was given before; left out")
        elif not str(record.get("text") or "").strip():
            if str(record.get("title") or "").strip():
                problems.append(f"{path}:{number}: paper {identity} has no text; only its title is searched")
                lines[number] = identity
            else:
                problems.append(f"{path}:{number}: paper {identity} has no text; left out")
        else:
            lines[number] = identity
        known.add(identity)
    if not lines:
        raise nothing_usable(f"{path}: no papers; give lines with _id, title and text", problems)
    return lines


def _read_queries(path: Path, problems: Problems) -> tuple[list[Query], set[str]]:
    """Queries that can be searched, and the ids of those that cannot."""
    found: dict[str, Query] = {}
    unusable: set[str] = set()
    for number, record in read_objects(path, "queries (_id, text)", problems):
        identity, text = str(record.get("_id") or ""), str(record.get("text") or "")
        if not identity:
            problems.append(f"{path}:{number}: no _id; left out")
        elif identity in found or identity in unusable:
            problems.append(f"{path}:{number}: query {identity} was given before; left out")
        elif not text.strip():
            unusable.add(identity)
            problems.append(f"{path}:{number}: query {identity} is empty; left out")
        elif not any(character.isalnum() for character in text):
            unusable.add(identity)
            problems.append(f"{path}:{number}: query {identity} has no word, only symbols; left out")
        else:
            found[identity] = Query(identity, text)
    return list(found.values()), unusable


def _read_qrels(path: Path, papers: set[str], queries: set[str], problems: Problems) -> Qrels:
    """Judgements of known queries over known papers; with or without a head line."""
    qrels: Qrels = {}
    for number, line in numbered(read_text(path, "judgements (query-id, corpus-id, score)")):
        fields = line.rstrip("\r").split("\t")
        if number == 1 and fields[-1].strip() in ("score", "relevance"):
            continue
        if len(fields) == 4:  # TREC: query, 0, paper, grade
            del fields[1]
        if len(fields) != 3 or not fields[2].strip().lstrip("-").isdigit():
            problems.append(
                f"{path}:{number}: not query-id, corpus-id and a whole number apart by tabs; left out"
            )
            continue
        query, paper, grade = fields[0], fields[1], int(fields[2])
        if paper not in papers:
            problems.append(f"{path}:{number}: paper {paper} is not in the corpus; the judgement is left out")
        elif query not in queries:
            problems.append(
                f"{path}:{number}: query {query} is not in the queries; the judgement is left out"
            )
        else:
            qrels.setdefault(query, {})[paper] = grade
    return qrels
