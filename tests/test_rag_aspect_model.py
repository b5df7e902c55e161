"""What a sentence shows of its purpose, and the weights that read it."""

import gzip
import json

import pytest

from index.types import Paper
from rag.compare.anchors import anchor
from rag.compare.aspect_model import AspectModel, aspect_model
from rag.compare.aspects import USUAL, aspects_of
from rag.compare.features import features_of


def test_features_are_cues_place_part_and_words():
    paper = Paper("x", "A net for kelp", "Kelp fades. We propose a net that maps 12 reefs. It scores 91%.")
    (_, first), (_, second), (_, third) = features_of(paper)
    assert first["part:background"] == 0.5 and "own" not in first and first["last before"] == 0.5
    assert second["begins"] == 0.5 and second["cue:DID"] == 0.5 and second["late"] == 0.25
    assert second["title"] == 0.5 * 1.0 * (2 * 1 / 2)  # "net" of "net", "kelp"
    words = {name for name in third if name.startswith("w:")}
    assert words == {"w:it", "w:scores", "w:0", "w:%", "w:^ it", "w:it scores", "w:scores 0", "w:0 %"}
    assert third["w:it"] == pytest.approx(3 / 8**0.5)


def test_scores_are_sums_of_weights_and_what_is_unknown_counts_nothing():
    model = AspectModel({"a": [100, -50], "b": [0, 10]}, [0.5, 1.0], [0.0, 0.0], 0.01)
    assert model.scores({"a": 2.0, "b": 1.0, "c": 9.0}) == pytest.approx([2.5, 0.1])


def test_the_weights_that_are_shipped_have_a_column_an_aspect():
    model = aspect_model()
    assert len(model.least) == len(USUAL) and model.scores({}).shape == (len(USUAL),)


STUDY = Paper(
    "s",
    "Does shade slow the bleaching of coral?",
    "Coral bleaches in warm seas. We aimed to determine whether shade slows the bleaching of coral. "
    "Ninety reefs were randomly assigned to shade or to none for six weeks. Bleaching was significantly "
    "lower under shade (18% versus 42%, p < 0.01). The small sample size and the short follow-up limit our "
    "findings.",
)


def test_each_cell_of_a_study_holds_the_sentence_that_tells_it():
    at = {name: found and found.quote for name, found in aspects_of(STUDY).items()}
    assert at["Task or problem"] == "We aimed to determine whether shade slows the bleaching of coral."
    assert at["Method"].startswith("Ninety reefs were randomly assigned")
    assert at["Main result"].startswith("Bleaching was significantly lower")
    assert at["Limits"] == "The small sample size and the short follow-up limit our findings."


def test_what_must_be_shown_is_the_subject_in_front_or_the_finding():
    assert anchor("Task or problem", "A new sonar of reefs is presented in this chapter.") == (0, 0)
    text = "On nine reefs, we tested it and found that it outperforms all others by 3.1%."
    start, end = anchor("Main result", text)
    assert "outperforms" in text[start:end]


def test_a_part_that_is_labelled_as_limits_fills_its_cell():
    labelled = Paper(
        "l", "Bays", "Objective: To map bays. Results: It was sharp. Limitations: One bay was mapped."
    )
    assert aspects_of(labelled)["Limits"].text == "One bay was mapped"


def test_weights_are_fitted_on_what_readers_accept(tmp_path, monkeypatch):
    from rag.training import aspects

    rows, labels = [], []
    for n in range(24):
        text = f"Kelp {n} fades. We propose a net of kelp. The net was trained on {n}00 images. It is dull."
        rows.append({"id": f"p{n}", "title": "Kelp", "abstract": text})
        labels.append(
            {"id": f"p{n}", "task": [1], "data": [2], "method": [1], "result": [3], "limits": [3][: n % 2]}
        )
    folder = tmp_path / "eval"
    for name in ("train_survey/pool.jsonl.gz", "scale/acl_anthology.jsonl.gz"):
        (folder / name).parent.mkdir(parents=True)
        with gzip.open(folder / name, "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in (rows if "pool" in name else rows[:0]))
    (folder / "pubmedqa").mkdir()
    (folder / "pubmedqa" / "dev500.json").write_text("{}")
    (folder / "scifact").mkdir()
    (folder / "scifact" / "corpus.jsonl").write_text("")
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(label) + "\n" for label in labels))
    monkeypatch.setattr(aspects, "LABELS", file)
    assert len(aspects.read_labels(folder)) == 24
    assert aspects.main([str(folder), "--out", str(tmp_path / "w.json"), "--folds", "2"]) == 0
    model = AspectModel(**json.loads((tmp_path / "w.json").read_text()))
    best = [model.scores(f).argmax() for _, f in features_of(Paper("y", "Kelp", rows[3]["abstract"]))]
    assert USUAL[best[2]] == "Data"
