"""Questions that compare: a table whose cells stand in the abstracts, and counted sentences above it."""

import dataclasses
import re

import pytest
from fakes import PAPERS, bundled_encoder, make_engine, shared_library

from index.cleaning import readable
from index.types import Paper, Scores
from rag.answer_table import CLOSEST, Compared
from rag.history import answer_from_json, answer_to_json
from rag.joined import joined
from rag.types import NOT_STATED, AnswerTable, Evidence, Sentence, TableCell, TableRow

BY_ID = {p.id: p for p in PAPERS}


def evidence(number: int, paper: Paper, quote: str = "") -> Evidence:
    start = paper.abstract.index(quote) if quote else 0
    end = start + len(quote) if quote else paper.abstract.index(".") + 1
    return Evidence(number, paper, (Sentence(paper.abstract[start:end], start, end, 0.9),), Scores())


def compared(question: str, *papers: Paper) -> Compared:
    return Compared(question, [evidence(n, p) for n, p in enumerate(papers, 1)])


def test_every_cell_is_part_of_a_sentence_of_its_own_paper():
    papers = (BY_ID["tidenet"], BY_ID["kelpformer"])
    table = compared("TideNet versus KelpFormer", *papers).table()
    assert table.names == ("TideNet", "KelpFormer") and table.numbers == (1, 2)
    assert [row.aspect for row in table.rows][:4] == ["Type", "Task or problem", "Data", "Method"]
    cells = [c for row in table.rows for c in row.cells if c]
    assert len(cells) > 6
    for cell in cells:
        assert papers[cell.n - 1].abstract[cell.start : cell.end] == cell.quote
        said = {
            w
            for w in re.findall(r"[\w%]+", cell.text)
            if w not in ("The", "the", "authors", "their", "Their")
        }
        assert {w.lower() for w in said} <= {w.lower() for w in re.findall(r"[\w%]+", readable(cell.quote))}


def test_rows_that_no_paper_fills_are_left_out_and_shared_figures_have_one():
    one = Paper("a", "Aqua", "We propose Aqua, a net. It reaches an accuracy of 91% on 40 patients.")
    two = Paper("b", "Brine", "We propose Brine, a net. It reaches an accuracy of 0.88 on reefs.")
    table = compared("Aqua vs Brine", one, two).table()
    rows = {row.aspect: [c and c.text for c in row.cells] for row in table.rows}
    assert "Limits" not in rows
    assert rows["Accuracy"] == ["91%", "0.88"]
    assert "People" not in rows  # one paper alone states it


def test_what_comes_closest_to_the_question_has_a_row_where_no_other_says_it():
    kelp = BY_ID["kelpformer"]
    odd = Paper("odd", "Odd", "Kelp sways. We propose Odd, a net for kelp. Otters eat at dawn in June.")
    asked = [evidence(1, kelp), evidence(2, odd, "Otters eat at dawn in June.")]
    last = Compared("When do otters eat in Odd and KelpFormer?", asked).table().rows[-1]
    assert last.aspect == CLOSEST and last.cells[1].text == "Otters eat at dawn in June."


@pytest.mark.parametrize(
    ("titles", "question", "names"),
    [
        (("Aqua-2: nets for tides", "A study of brine"), "Aqua-2 or Brine-X?", ("Aqua-2", "Brine-X")),
        (("On tides", "On brine"), "Aqua-2 or the Brine-X Net?", ("Aqua-2", "Brine-X Net")),
        (("On tides", "On brine"), "How do they differ?", ("On tides", "On brine")),
    ],
)
def test_a_paper_is_called_by_its_name_as_asked_or_by_its_title(titles, question, names):
    texts = (
        "We train Aqua-2, and Aqua-2 again.",
        "Brine-X is a net that is better than Aqua-2; Brine-X is small.",
    )
    papers = [Paper(str(n), title, text) for n, (title, text) in enumerate(zip(titles, texts, strict=True))]
    assert compared(question, *papers).table().names == names


def test_sentences_on_the_papers_together_are_counted():
    one = Paper(
        "a", "Aqua: A Dataset for Tides", "We release the dataset Aqua. The harbour tides were logged."
    )
    two = Paper(
        "b", "Brine: A Dataset for Salt", "We release the dataset Brine. For harbour tides we used buoys."
    )
    first, second = compared("Aqua vs Brine", one, two).statements()
    assert first.text == "Two papers of this library are compared: both call their work a dataset."
    assert first.citations == second.citations == (1, 2)
    assert second.text.startswith("Both speak of “harbour tides”")


def test_markdown_has_a_column_a_paper_and_marks_are_text():
    cell = TableCell(2, "a | b", "a | b", 0, 5)
    table = AnswerTable(("X|Y", "Z"), (1, 2), (TableRow("Data", (None, cell)),))
    assert table.markdown == (
        f"|  | X\\|Y [1] | Z [2] |\n| --- | --- | --- |\n| Data | {NOT_STATED} | a \\| b [2] |"
    )
    assert [(s.text, s.citations) for s in table.statements()] == [("Data: a | b", (2,))]


def test_an_answer_that_compares_carries_its_table_everywhere():
    answer = make_engine(shared_library(), bundled_encoder()).ask("How do TideNet and KelpFormer differ?")
    assert answer.table is not None and answer.table.markdown in answer.text
    assert answer.to_dict()["table"]["columns"] == [
        {"n": 1, "name": "TideNet"},
        {"n": 2, "name": "KelpFormer"},
    ]
    assert {n for n in answer.table.numbers} == {r.n for r in answer.references}
    assert answer_from_json(answer_to_json(answer)) == answer
    frame = dataclasses.replace(answer, statements=(), table=None, references=())
    whole = joined(frame, [answer.question], [answer], 5)
    assert any(s.text.startswith("Type: ") for s in whole.statements)


def test_the_longest_name_that_was_asked_for_is_taken_and_own_phrases_are_no_names():
    one = Paper("a", "Kelp-2D", "We introduce Kelp-2D. Kelp-2D masks fronds in drone images.")
    two = Paper("b", "On reefs", "The Coral Kelp Adapter is an adapter. An adapter tunes coral heads.")
    compared_ = compared("How do Kelp-2D and the Coral Kelp Adapter differ?", one, two)
    assert compared_.table().names == ("Kelp-2D", "Coral Kelp Adapter")
    assert "introduce Kelp" not in " ".join(s.text for s in compared_.statements())
