"""Screening: measures by hand, the simulation, the baseline, files of records, resumed studies."""

import json

import numpy as np
import pytest

from index.errors import ReadError, UsageError
from rag.evaluate.naive_bayes import NaiveBayesRanker
from rag.evaluate.screening import (
    Record,
    average_precision,
    ranking_measures,
    read_records,
    recall_points,
    rrf,
    simulate,
    wss,
)
from rag.evaluate.screening_study import evaluate_screening, load_ranker
from rag.screening.ranker import balanced_weights

I, O = True, False  # noqa: E741 - included, out


def test_work_saved_at_95_percent():
    # 20 records, 2 included at places 1 and 6: all found after 6, 14/20 unread, less 0.05.
    labels = [I, O, O, O, O, I] + [O] * 14
    assert wss(labels) == pytest.approx(0.65)
    # 20 included of 40: 19 suffice, found after 19.
    assert wss([I] * 19 + [O] * 10 + [I] + [O] * 10) == pytest.approx(21 / 40 - 0.05)
    assert wss([O] * 9 + [I]) == pytest.approx(-0.05)  # the last is read last: worse than sampling
    assert wss([O, O]) == 0


def test_relevant_found_after_a_tenth():
    assert rrf([I, O, I] + [O] * 26 + [I]) == pytest.approx(2 / 3)  # 3 of 30 read
    assert rrf([I] * 3) == 0  # a tenth of three records is none
    assert rrf([O] * 10) == 0


def test_average_precision_of_a_ranking():
    assert average_precision([I, O, I, O]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([O, O]) == 0


def test_all_measures_of_a_perfect_order():
    assert ranking_measures([I] + [O] * 19) == {
        "wss@95": pytest.approx(0.90), "rrf@10": 1.0, "average_precision": 1.0,
    }  # fmt: skip


def test_recall_points_run_from_nothing_to_everything():
    assert recall_points([I, O, O, I]) == ((0.0, 0.0), (0.25, 0.5), (0.5, 0.5), (0.75, 0.5), (1.0, 1.0))


RECORDS = [
    Record("Moss on walls", "wet stone moss", I),
    Record("Moss in gardens", "moss likes wet shade", I),
    Record("Barn owls", "owls hear at night", O),
    Record("Owls again", "old owls and young owls", O),
    Record("Wet moss", "stone moss wet", I),
    Record("Tides", "bays and tides", O),
]


class Oracle:
    """Knows nothing but the length of titles; notes what it was taught."""

    taught = []

    def __init__(self, records):
        self.records = records

    def fit(self, decisions):
        Oracle.taught.append(dict(decisions))

    def score(self, places):
        return [-len(self.records[place].title) for place in places]


def test_a_simulation_reads_the_best_first_and_teaches_every_decision():
    Oracle.taught = []
    order = simulate(RECORDS, Oracle, seed=0)
    start = Oracle.taught[0]
    assert sorted(start.values()) == [False, True]
    lengths = [len(RECORDS[place].title) for place in order]
    assert lengths == sorted(lengths) and len(order) == 4
    assert {*order, *start} == set(range(6))
    assert [len(d) for d in Oracle.taught] == [2, 3, 4, 5]
    assert Oracle.taught[-1] == {p: RECORDS[p].included for p in [*start, *order[:3]]}


def test_a_batch_is_read_between_two_lessons():
    Oracle.taught = []
    assert len(simulate(RECORDS, Oracle, batch=3)) == 4
    assert [len(d) for d in Oracle.taught] == [2, 5]


def test_the_baseline_finds_records_like_the_included_first():
    ranker = NaiveBayesRanker(RECORDS)
    ranker.fit({0: I, 2: O})
    scores = ranker.score([1, 3, 4])
    assert scores[2] > scores[0] > scores[1]  # shares three words, two, none but those of owls


def test_the_baseline_weighs_the_classes_as_asreview_does():
    # One included, three out: 1 and 1 / (1.2 · 3), scaled to a mean of 1.
    weights = balanced_weights(np.array([1, 0, 0, 0]), 1.2)
    assert weights == pytest.approx([2.18182, 0.60606, 0.60606, 0.60606], abs=1e-5)


def write(path, rows, head="title,abstract,label_included"):
    path.write_text(head + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_records_are_read_and_bad_labels_named(tmp_path):
    rows = ['Moss,"wet,\nstone",1', "Owls,,0", "Tides,bays,maybe", "Bats,caves,1.0"]
    problems = []
    records = read_records(write(tmp_path / "r.csv", rows), problems)
    assert records == [Record("Moss", "wet,\nstone", I), Record("Owls", "", O), Record("Bats", "caves", I)]
    assert problems == [f"{tmp_path / 'r.csv'}:5: label 'maybe' is not 0 or 1; left out"]


def test_a_file_without_labels_or_of_one_kind_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no column label_included"):
        read_records(write(tmp_path / "a.csv", ["Moss,wet"], "title,abstract"), [])
    with pytest.raises(ReadError, match="one record labelled 1 and one labelled 0"):
        read_records(write(tmp_path / "b.csv", ["Moss,wet,1"]), [])


def rows(records):
    return [f"{r.title},{r.abstract},{int(r.included)}" for r in records]


def test_a_study_has_a_mean_and_each_review_and_resumes(tmp_path):
    folder = tmp_path / "reviews"
    folder.mkdir()
    write(folder / "one.csv", rows(RECORDS))
    write(folder / "two.csv", rows(RECORDS[::-1]))
    write(folder / "broken.csv", ["x,y,1"])
    made = []

    def maker(records):
        made.append(len(records))
        return Oracle(records)

    outcome = evaluate_screening(folder, {"base": Oracle, "mine": maker}, seeds=2, out=tmp_path / "out")
    assert list(outcome.measures) == ["mean", "one", "two"] and list(outcome.compared) == ["base"]
    for name in ("wss@95", "rrf@10", "average_precision"):
        each = [outcome.measures[stem][name] for stem in ("one", "two")]
        assert outcome.measures["mean"][name] == pytest.approx(sum(each) / 2)
    assert len(outcome.problems) == 1 and "broken.csv" in outcome.problems[0]
    assert outcome.settings["ranker"] == "mine" and made == [6, 6]

    torn = next((tmp_path / "out").glob("screening-mine-one-*"))
    lines = torn.read_text().splitlines()
    torn.write_text(lines[0] + "\n" + lines[1][:9])  # killed while it wrote the second
    again = evaluate_screening(folder, {"base": Oracle, "mine": maker}, seeds=2, out=tmp_path / "out")
    assert again.measures == outcome.measures and made == [6, 6, 6]
    assert [json.loads(line)["id"] for line in torn.read_text().splitlines()] == ["0", "1"]


def test_an_unknown_ranker_is_refused():
    with pytest.raises(UsageError, match="--ranker best does not exist; choose naive-bayes"):
        load_ranker("best")


def test_the_baseline_on_a_real_review(shared):
    """Between the extremes, far better than chance; the figure moves with scikit-learn's tokens alone."""
    outcome = evaluate_screening(
        shared / "eval" / "screening" / "Estrogens.csv", {"naive-bayes": NaiveBayesRanker}, batch=10
    )
    assert 0.1 < outcome.measures["mean"]["wss@95"] < 0.6
