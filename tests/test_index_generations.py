"""Generations: written whole or not at all, checked to the last bit, swept by writers only."""

from __future__ import annotations

import json
import os

import pytest
from index_fixtures import ENCODER

from index import disk, generations
from index.errors import LibraryError
from index.generations import Damaged, Manifest
from index.lock import writer_lock


def make(library, text="data", txn=1):
    def fill(folder):
        (folder / "vectors.faiss").write_text(text)
        (folder / "lexical").mkdir()
        (folder / "lexical" / "meta.json").write_text("{}")
        (folder / "lexical" / ".tantivy-meta.lock").touch()

    def describe(*, generation, files):
        return Manifest(
            generation, "lib", txn, 3, 5, ENCODER.id, "c/1", "1", "inner_product", "ibid/1", files
        )

    return generations.publish(library, fill, describe)


def test_a_generation_is_numbered_pointed_at_and_described(tmp_path):
    manifest = make(tmp_path)
    assert generations.current(tmp_path) == 1
    record = json.loads((tmp_path / "gen-000001" / "manifest.json").read_text())
    assert (record["txn"], record["papers"], record["chunks"]) == (1, 3, 5)
    assert record["embedder"] == {"name": "hash", "revision": "1", "width": 48, "settings": ""}
    assert record["files"]["vectors.faiss"]["bytes"] == 4
    assert set(record["files"]) == {"vectors.faiss", "lexical/meta.json"}
    assert generations.verified(tmp_path, 1) == manifest


def test_numbers_grow_and_two_generations_are_kept(tmp_path):
    for _ in range(4):
        make(tmp_path)
        generations.sweep(tmp_path, 0, 9)
    assert generations.current(tmp_path) == 4
    assert generations.numbers(tmp_path) == [4, 3]


def test_generations_with_deleted_text_are_swept_whatever_their_age(tmp_path):
    make(tmp_path, txn=1)
    make(tmp_path, txn=2)
    generations.sweep(tmp_path, 2, 9)
    assert generations.numbers(tmp_path) == [2]


def test_generations_of_a_catalogue_that_was_replaced_by_a_backup_are_swept(tmp_path):
    make(tmp_path, txn=7)
    make(tmp_path, txn=5)
    generations.sweep(tmp_path, 0, 5)
    assert generations.numbers(tmp_path) == [2]


def test_leftovers_of_a_killed_writer_are_swept_and_their_numbers_not_used_again(tmp_path):
    make(tmp_path)
    (tmp_path / ".tmp-gen-000002-77").mkdir()
    (tmp_path / ".tmp-gen-000002-77" / "x").touch()
    (tmp_path / "CURRENT.tmp").touch()
    (tmp_path / "gen-000002").mkdir()  # renamed, but never pointed at
    make(tmp_path)
    generations.sweep(tmp_path, 0, 9)
    assert generations.numbers(tmp_path) == [3, 1]
    assert not (tmp_path / ".tmp-gen-000002-77").exists()
    assert not (tmp_path / "CURRENT.tmp").exists()


DAMAGES = {
    "changed byte": lambda g: (g / "vectors.faiss").write_text("dat4"),
    "truncated": lambda g: (g / "vectors.faiss").write_text("da"),
    "empty": lambda g: (g / "vectors.faiss").write_text(""),
    "missing": lambda g: (g / "lexical" / "meta.json").unlink(),
    "foreign file": lambda g: (g / "lexical" / "index.pkl").write_text("x"),
    "no manifest": lambda g: (g / "manifest.json").unlink(),
    "broken manifest": lambda g: (g / "manifest.json").write_text("{"),
    "other manifest": lambda g: (g / "manifest.json").write_text('{"schema": "x"}'),
    "wrong types": lambda g: (g / "manifest.json").write_text("[]"),
    "folder for a file": lambda g: ((g / "vectors.faiss").unlink(), (g / "vectors.faiss").mkdir()),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_before_use(tmp_path, name):
    make(tmp_path)
    DAMAGES[name](tmp_path / "gen-000001")
    with pytest.raises(Damaged, match="gen-000001"):
        generations.verified(tmp_path, 1)


def test_an_older_generation_in_the_place_of_a_newer_one_is_found(tmp_path):
    make(tmp_path)
    make(tmp_path)
    disk.remove_tree(tmp_path / "gen-000002")
    os.rename(tmp_path / "gen-000001", tmp_path / "gen-000002")
    with pytest.raises(Damaged, match="holds generation 1"):
        generations.verified(tmp_path, 2)


@pytest.mark.parametrize(
    "content", [b"", b"gen-1", b"../../etc", b"gen-000001/../..", b"\xff\xfe", b"gen-000001extra"]
)
def test_a_pointer_that_names_no_generation_counts_as_absent(tmp_path, content):
    (tmp_path / "CURRENT").write_bytes(content)
    assert generations.current(tmp_path) is None


def test_files_are_on_disk_before_the_folder_gets_its_name_and_that_before_the_pointer(tmp_path, monkeypatch):
    steps = []
    for name in ("write_file", "sync_file", "sync_dir", "replace"):
        real = getattr(disk, name)

        def noted(path, *rest, name=name, real=real):
            steps.append((name, path.name.partition("-gen")[0]))
            return real(path, *rest)

        monkeypatch.setattr(disk, name, noted)
    make(tmp_path)
    assert steps == [
        ("sync_file", "meta.json"), ("sync_file", "vectors.faiss"), ("write_file", "manifest.json"),
        ("sync_dir", "lexical"), ("sync_dir", ".tmp"), ("replace", ".tmp"), ("sync_dir", tmp_path.name),
        ("write_file", "CURRENT.tmp"), ("replace", "CURRENT.tmp"), ("sync_dir", tmp_path.name),
    ]  # fmt: skip


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path):
    with writer_lock(tmp_path):
        with pytest.raises(LibraryError, match=f"being written by process {os.getpid()}; try again"):
            with writer_lock(tmp_path):
                pass
    with writer_lock(tmp_path):
        pass
