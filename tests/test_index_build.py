"""Building a library: batches, duplicates, changes, removal to the last byte, embedding anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from index_fixtures import ENCODER, PATH, long_paper, paper, reading, word

from index import intake
from index.audit import verify
from index.build import add_paths, add_readings, create_library, is_library, rebuild, remove_papers
from index.encoders import HashEncoder
from index.errors import EmbedderMismatch, LibraryError, ReadError
from index.library import Library
from index.lock import writer_lock
from index.types import FileReading, Paper, Problem, Source


class CountingEncoder(HashEncoder):
    """Notes what it embeds; fails when told to."""

    def __init__(self, fail_at: int = 0, width: int = 48, name: str = "hash") -> None:
        super().__init__(width, name)
        self.texts: list[str] = []
        self.calls = 0
        self._fail_at = fail_at

    def encode(self, texts, progress=None):
        self.calls += 1
        if self.calls == self._fail_at:
            raise KeyboardInterrupt
        self.texts += texts
        return super().encode(texts, progress)


def ids(path) -> list[str]:
    with Library.open(path) as library:
        return [p.id for p in library.papers()]


def test_the_report_has_the_public_shape_and_its_counts_add_up(tmp_path):
    file = replace(reading(paper(1), paper(2), paper(1)), problems=(Problem(9, "bad"),), read=4, skipped=1)
    report = add_readings(tmp_path / "l", [file, reading(paper(2), path="/b")], ENCODER).to_dict()
    assert report.pop("seconds") >= 0
    assert report == {
        "schema": "ibid.add/1",
        "files": [
            {"path": PATH, "format": "jsonl", "read": 4, "new": 2, "duplicates": 1, "skipped": 1,
             "problems": [{"line": 9, "why": "bad"}]},
            {"path": "/b", "format": "jsonl", "read": 1, "new": 0, "duplicates": 1, "skipped": 0,
             "problems": []},
        ],
        "read": 5, "new": 2, "duplicates": 2, "skipped": 1,
    }  # fmt: skip
    json.dumps(report)


def test_a_record_without_title_and_abstract_is_skipped_with_its_line(tmp_path):
    empty = Paper("x", "  ", " ", sources=(Source(PATH, 7, "jsonl"),))
    report = add_readings(tmp_path / "l", [reading(empty, paper(1))], ENCODER)
    assert (report.new, report.skipped) == (1, 1)
    assert report.files[0].problems == (Problem(7, "neither title nor abstract"),)


def test_what_is_there_is_not_embedded_again(tmp_path):
    encoder = CountingEncoder()
    add_readings(tmp_path / "l", [reading(paper(1), long_paper(2))], encoder)
    first = len(encoder.texts)
    report = add_readings(tmp_path / "l", [reading(paper(1), long_paper(2))], encoder)
    assert (report.duplicates, len(encoder.texts)) == (2, first)


def test_the_embedded_text_is_the_cleaned_title_and_chunk(tmp_path):
    encoder = CountingEncoder()
    one = Paper("a", r"\textbf{Bold} title", r"A gain of 96\% was seen.")
    add_readings(
        tmp_path / "l",
        [reading(one, Paper("b", None, "Text alone here."), Paper("c", "Title alone", ""))],
        encoder,
    )
    assert encoder.texts == ["Bold title\nA gain of 96% was seen.", "Text alone here.", "Title alone"]
    with Library.open(tmp_path / "l") as library:
        assert library.paper("a") == one


def test_a_fuller_record_replaces_a_cut_one_and_only_changed_chunks_are_embedded(tmp_path):
    whole = long_paper(3)
    cut = replace(whole, abstract=whole.abstract[:2600], truncated=True)
    encoder = CountingEncoder()
    add_readings(tmp_path / "l", [reading(cut)], encoder)
    with Library.open(tmp_path / "l") as library:
        before = library.chunks("paper-3")
    encoder.texts.clear()
    report = add_readings(tmp_path / "l", [reading(replace(whole, id="other"))], encoder)
    assert (report.new, report.duplicates) == (0, 1)
    with Library.open(tmp_path / "l") as library:
        assert library.paper("paper-3").abstract == whole.abstract
        after = library.chunks("paper-3")
    assert after[0] == before[0]
    kept = {c.id for c in before} & {c.id for c in after}
    assert len(encoder.texts) == len(after) - len(kept) < len(after)
    assert verify(tmp_path / "l").ok


def test_two_papers_under_one_id_are_both_kept(tmp_path):
    first = Paper(
        "1", "Ice in the north of the world", "Ice melts in summer, slowly and in silence, says the report."
    )
    second = Paper(
        "1", "Birds of the southern islands", "Sparrows nest on islands where nobody has counted them yet."
    )
    add_readings(tmp_path / "l", [reading(first)], ENCODER)
    report = add_readings(tmp_path / "l", [reading(second)], ENCODER)
    assert report.new == 1
    held = ids(tmp_path / "l")
    assert held[0] == "1" and held[1].startswith("1-") and len(held) == 2
    assert add_readings(tmp_path / "l", [reading(first), reading(second)], ENCODER).duplicates == 2


def test_an_interrupted_add_keeps_the_batches_before(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 4)
    with pytest.raises(KeyboardInterrupt):
        add_readings(tmp_path / "l", [reading(*(paper(n) for n in range(20)))], CountingEncoder(fail_at=3))
    assert ids(tmp_path / "l") == [f"paper-{n}" for n in range(8)]
    encoder = CountingEncoder()
    report = add_readings(tmp_path / "l", [reading(*(paper(n) for n in range(20)))], encoder)
    assert (report.new, report.duplicates, len(encoder.texts)) == (12, 8, 12)
    assert verify(tmp_path / "l").ok


def test_progress_tells_stage_and_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 4)
    told: list[tuple[int, int, str]] = []
    file = tmp_path / "papers.jsonl"
    file.write_text(
        "\n".join(json.dumps({"title": p.title, "abstract": p.abstract}) for p in map(paper, range(10)))
    )
    add_paths(tmp_path / "l", [file], ENCODER, progress=lambda *step: told.append(step))
    assert told[0] == (1, 0, "reading")
    embedding = [done for done, total, stage in told if stage == "embedding" and total == 10]
    assert embedding == sorted(embedding) and (embedding[0], embedding[-1]) == (0, 10)
    assert told[-1] == (1, 1, "publishing")


def test_removal_leaves_no_trace_of_the_text(tmp_path):
    path = tmp_path / "l"
    papers = [
        paper(n, abstract=f"The {word(n)} samples. " + "More words follow here. " * (n % 40))
        for n in range(1000)
    ]
    add_readings(path, [reading(*papers)], ENCODER)
    add_readings(path, [reading(paper(1000))], ENCODER)
    gone = list(range(0, 1000, 10))
    assert remove_papers(path, [f"paper-{n}" for n in gone]) == 100
    held = ids(path)
    assert len(held) == 901 and not set(held) & {f"paper-{n}" for n in gone}
    raw = [file.read_bytes() for file in path.rglob("*") if file.is_file()]
    traces = [
        n
        for n in gone
        for data in raw
        if word(n).encode() + b" samples" in data or f'paper-{n}"'.encode() in data
    ]
    assert traces == []
    assert any(word(5).encode() in data for data in raw)  # the search for traces can find some
    assert len(list(path.glob("gen-*"))) == 1
    with closing(sqlite3.connect(path / "catalog.sqlite")) as database:  # written anew, no page left over
        assert database.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert verify(path).ok


def test_a_small_change_updates_the_search_index_instead_of_making_it_anew(tmp_path, monkeypatch, caplog):
    path = tmp_path / "l"
    add_readings(path, [reading(*(paper(n) for n in range(5)))], ENCODER)

    def never(*_):
        raise AssertionError("made anew")

    monkeypatch.setattr("index.publish._vectors_anew", never)
    monkeypatch.setattr("index.publish._lexical_anew", never)
    add_readings(path, [reading(paper(5))], ENCODER)
    fuller = paper(4, abstract=paper(4).abstract + " A fourth sentence was added later on.")
    assert add_readings(path, [reading(fuller)], ENCODER).duplicates == 1
    assert verify(path).ok and caplog.text == ""


def test_an_update_that_does_not_give_the_chunks_of_the_catalogue_is_thrown_away(
    tmp_path, monkeypatch, caplog
):
    path = tmp_path / "l"
    add_readings(path, [reading(*(paper(n) for n in range(5)))], ENCODER)
    monkeypatch.setattr("index.faiss_store.FaissStore.remove", lambda self, ids: 0)
    remove_papers(path, ["paper-2"])
    assert "does not hold the chunks of the catalogue" in caplog.text and "making it anew" in caplog.text
    assert verify(path).ok


def test_removing_an_unknown_paper_removes_nothing(tmp_path):
    add_readings(tmp_path / "l", [reading(paper(1), paper(2))], ENCODER)
    with pytest.raises(LibraryError, match="no paper 'paper-9'.*nearest"):
        remove_papers(tmp_path / "l", ["paper-1", "paper-9"])
    assert ids(tmp_path / "l") == ["paper-1", "paper-2"]


def test_a_removed_paper_can_come_back(tmp_path):
    add_readings(tmp_path / "l", [reading(paper(1), paper(2))], ENCODER)
    remove_papers(tmp_path / "l", ["paper-1"])
    assert add_readings(tmp_path / "l", [reading(paper(1))], ENCODER).new == 1
    assert verify(tmp_path / "l").ok


def test_rebuilding_with_another_embedder_embeds_everything_once_and_continues_after_a_stop(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("index.build.BATCH", 4)
    path = tmp_path / "l"
    add_readings(path, [reading(*(paper(n) for n in range(20)))], ENCODER)
    with pytest.raises(KeyboardInterrupt):
        rebuild(path, CountingEncoder(fail_at=3, width=32, name="new"))
    with Library.open(path, ENCODER.id) as library:  # still the old one
        assert len(library.search_dense(ENCODER.encode_query("glaciers"), 5)) == 5
    encoder = CountingEncoder(width=32, name="new")
    report = rebuild(path, encoder)
    assert (report.papers, report.chunks, report.embedded) == (20, 20, 12)
    with pytest.raises(EmbedderMismatch):
        add_readings(path, [reading(paper(30))], ENCODER)
    with Library.open(path, encoder.id) as library:
        assert library.vectors([library.chunks("paper-1")[0].id]).shape == (1, 32)
    assert verify(path).ok
    assert rebuild(path, encoder).embedded == 0


def test_texts_that_are_cleaned_differently_by_now_are_embedded_anew_by_a_rebuild(tmp_path, monkeypatch):
    path = tmp_path / "l"
    add_readings(
        path, [reading(*(paper(n) for n in range(5)), paper(9, title="Old spelling of colour"))], ENCODER
    )
    from index import passages

    plain = passages.readable
    monkeypatch.setattr(passages, "readable", lambda text: plain(text).replace("colour", "color"))
    (fault,) = verify(path).faults
    assert "paper-9 was embedded from another text; `ibid index rebuild`" in fault
    assert rebuild(path).embedded == 0
    assert rebuild(path, ENCODER).embedded == 1
    assert verify(path).ok


def test_a_plain_rebuild_needs_no_model_and_changes_no_content(tmp_path):
    path = tmp_path / "l"
    add_readings(path, [reading(*(paper(n) for n in range(5)))], ENCODER)
    shutil.rmtree(path / "gen-000001")
    report = rebuild(path)
    assert (report.papers, report.embedded) == (5, 0)
    assert verify(path).ok


def test_a_folder_with_other_things_in_it_is_never_made_a_library(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    for make in (
        lambda: create_library(tmp_path, ENCODER.id),
        lambda: add_readings(tmp_path, [reading(paper(1))], ENCODER),
    ):
        with pytest.raises(LibraryError, match=r"thesis.tex.*no library.*-L"):
            make()
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(LibraryError, match="is a file"):
        create_library(tmp_path / "thesis.tex", ENCODER.id)


def test_an_existing_library_is_not_made_again(tmp_path):
    add_readings(tmp_path / "l", [reading(paper(1))], ENCODER)
    create_library(tmp_path / "l", ENCODER.id)
    assert ids(tmp_path / "l") == ["paper-1"]
    with pytest.raises(EmbedderMismatch, match="ibid index rebuild"):
        create_library(tmp_path / "l", HashEncoder(99).id)


def test_a_creation_that_was_interrupted_can_be_taken_up(tmp_path):
    path = tmp_path / "l"
    path.mkdir()
    for name in ("catalog.sqlite", "writer.lock", "writer.pid"):
        (path / name).touch()
    (path / ".tmp-gen-000001-5").mkdir()
    add_readings(path, [reading(paper(1))], ENCODER)
    assert ids(path) == ["paper-1"] and is_library(path)
    assert not (path / ".tmp-gen-000001-5").exists()


def test_a_second_writer_is_refused_at_once(tmp_path):
    add_readings(tmp_path / "l", [reading(paper(1))], ENCODER)
    acts = (
        lambda p: add_readings(p, [reading(paper(2))], ENCODER), lambda p: remove_papers(p, ["paper-1"]),
        rebuild, lambda p: create_library(p, ENCODER.id),
    )  # fmt: skip
    with writer_lock(tmp_path / "l"):
        for act in acts:
            with pytest.raises(LibraryError, match="being written by process"):
                act(tmp_path / "l")
    assert ids(tmp_path / "l") == ["paper-1"]


def test_another_chunker_is_refused_until_the_library_is_rebuilt(tmp_path, monkeypatch):
    add_readings(tmp_path / "l", [reading(paper(1))], ENCODER)
    for module in ("index.build", "index.reembed"):
        monkeypatch.setattr(f"{module}.CHUNKER", "other/9")
    with pytest.raises(LibraryError, match=r"chunks by .*other/9.*ibid index rebuild"):
        add_readings(tmp_path / "l", [reading(paper(2))], ENCODER)
    rebuild(tmp_path / "l", ENCODER)
    add_readings(tmp_path / "l", [reading(paper(2))], ENCODER)
    assert verify(tmp_path / "l").ok


def test_bad_vectors_from_an_encoder_store_nothing(tmp_path):
    class Broken(HashEncoder):
        def encode(self, texts, progress=None):
            return super().encode(texts, progress) * float("nan")

    with pytest.raises(LibraryError, match="embedder gave a vector of length"):
        add_readings(tmp_path / "l", [reading(paper(1))], Broken(48))
    assert ids(tmp_path / "l") == []


def test_a_late_record_that_shows_two_papers_to_be_one_keeps_the_counts_right(tmp_path):
    text = paper(1).abstract * 3
    first = Paper("a", "A study of ice in many northern seas", "", doi="10.1/x")
    second = Paper("b", None, text)
    bridge = Paper("c", "A study of ice in many northern seas", text, doi="10.1/x")
    files = [FileReading(f"/{n}", "jsonl", (p,), read=1) for n, p in enumerate((first, second, bridge))]
    report = add_readings(tmp_path / "l", files, ENCODER)
    assert report.read == 3 == report.new + report.duplicates
    assert report.new == len(ids(tmp_path / "l"))


def test_verify_names_what_is_wrong_in_the_catalogue(tmp_path):
    path = tmp_path / "l"
    add_readings(path, [reading(*(paper(n) for n in range(6)))], ENCODER)
    raw = sqlite3.connect(path / "catalog.sqlite")
    raw.execute("UPDATE chunks SET vector = zeroblob(96) WHERE id = 2")
    raw.execute("UPDATE papers SET record = replace(record, 'study', 'story') WHERE id = 'paper-3'")
    raw.execute('UPDATE chunks SET "end" = 9999 WHERE id = 5')
    raw.commit()
    raw.close()
    faults = " | ".join(verify(path).faults)
    for expected in (
        "the vector of chunk 2 has changed", "the record of paper paper-3 has changed",
        "chunk 4 of paper-3 was embedded from another text", "chunk 5 lies outside the abstract of paper-4",
    ):  # fmt: skip
        assert expected in faults
    assert not verify(path).ok and verify(path).to_dict()["ok"] is False


class AgainstADict(RuleBasedStateMachine):
    """A library beside a dict: whatever is done, both hold the same papers."""

    numbers = st.lists(st.integers(0, 25), min_size=1, max_size=4, unique=True)

    @initialize()
    def make(self) -> None:
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "library"
        self.model: dict[str, Paper] = {}
        create_library(self.path, ENCODER.id)
        self.library = Library.open(self.path)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.library.close()
            self.folder.cleanup()

    @rule(numbers=numbers)
    def add(self, numbers: list[int]) -> None:
        papers = [paper(n) for n in numbers]
        new = [p for p in papers if p.id not in self.model]
        report = add_readings(self.path, [reading(*papers, *papers[:1])], ENCODER)
        assert (report.new, report.duplicates) == (len(new), len(papers) - len(new) + 1)
        self.model |= {p.id: p for p in new}

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        gone = data.draw(st.lists(st.sampled_from(sorted(self.model)), min_size=1, max_size=3, unique=True))
        assert remove_papers(self.path, gone) == len(gone)
        for paper_id in gone:
            del self.model[paper_id]

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = Library.open(self.path, ENCODER.id)

    @rule()
    def rebuild(self) -> None:
        rebuild(self.path)

    @rule(n=st.integers(0, 25))
    def search(self, n: int) -> None:
        self.library.refresh()
        found = self.library.search_lexical(word(n) + word(n + 1), 5)
        owners = [c.paper_id for c in self.library.get_chunks(i for i, _ in found).values()]
        assert owners == ([f"paper-{n}"] if f"paper-{n}" in self.model else [])

    @invariant()
    def both_hold_the_same(self) -> None:
        if hasattr(self, "model"):
            assert {p.id: p for p in self.library.papers()} == self.model
            self.library.refresh()
            assert self.library.chunk_count == len(self.model)


TestAgainstADict = AgainstADict.TestCase
TestAgainstADict.settings = settings(
    max_examples=8, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_short_record_is_recognised_when_it_is_added_again(tmp_path):
    short = paper(1, "Moss grows on stones.", title="On moss", id="p-0123456789ab")
    for new in (1, 0, 0):
        assert add_readings(tmp_path / "l", [reading(short)], ENCODER).new == new


def test_files_that_cannot_be_read_are_reported_and_the_others_added(tmp_path):
    good, empty = tmp_path / "good.csv", tmp_path / "empty.txt"
    good.write_text("title,abstract\nOn the drift of river gauges,Gauges drift.\n")
    empty.write_text("")
    report = add_paths(tmp_path / "l", [empty, good, tmp_path / "absent.csv"], ENCODER)
    assert [(Path(f.path).name, f.format, f.new) for f in report.files] == [
        ("empty.txt", "unreadable", 0), ("good.csv", "csv", 1), ("absent.csv", "unreadable", 0),
    ]  # fmt: skip
    assert "empty file" in report.files[0].problems[0].why
    assert "not a file" in report.files[2].problems[0].why


def test_nothing_is_made_when_no_file_can_be_read(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(ReadError, match="empty file"):
        add_paths(tmp_path / "l", [tmp_path / "empty.txt"], ENCODER)
    assert len(add_paths(tmp_path / "l", [tmp_path / "empty.txt", tmp_path / "no.csv"], ENCODER).files) == 2
    assert not is_library(tmp_path / "l")
