"""A model that writes the whole answer is believed sentence by sentence, or not at all."""

import threading
from types import SimpleNamespace

import pytest

from index.errors import ModelError
from index.types import Paper, Scores
from rag.plan import Plan
from rag.question import Kind
from rag.statements import StatementMaker
from rag.types import Evidence, Origin, Sentence
from rag.verify import Verifier
from rag.whole import WholeWriter, _cut

MOSS = "Moss grows fastest on wet stone walls. Wet walls carry 3.5 times as much moss as dry walls."
OWLS = "Barn owls hear well at old age. Thresholds of seven owls differ by 2 dB from those of young birds."


def evidence(number: int, name: str, abstract: str) -> Evidence:
    sentence = Sentence(abstract, 0, len(abstract), 1.0)
    return Evidence(number, Paper(name, f"On {name}", abstract), (sentence,), Scores(fused=1.0))


PLAN = Plan(Kind.SURVEY, (evidence(1, "moss", MOSS), evidence(2, "owls", OWLS)), 0.9, ())


class Scripted:
    """Streams a fixed text in pieces of five characters."""

    def __init__(self, text: str, error: Exception | None = None) -> None:
        self.text, self.error = text, error

    def stream_complete(self, prompt, **settings):
        for end in range(5, len(self.text) + 5, 5):
            yield SimpleNamespace(text=self.text[:end])
        if self.error:
            raise self.error


def written(text: str, error: Exception | None = None, stop: threading.Event | None = None):
    writer = WholeWriter(StatementMaker(Verifier(lambda stem: 1.0)), Scripted(text, error))
    made = writer.write("What grows or hears?", PLAN, stop or threading.Event())
    return [statement for group in made for statement in group]


def test_true_sentences_are_kept_under_the_evidence_they_cite():
    made = written(
        "Wet walls carry 3.5 times as much moss as dry walls [1]. Barn owls hear well at old age [2]."
    )
    assert [(s.text, s.citations, s.origin) for s in made] == [
        ("Wet walls carry 3.5 times as much moss as dry walls.", (1,), Origin.GENERATED),
        ("Barn owls hear well at old age.", (2,), Origin.GENERATED),
    ]


def test_a_wrong_citation_is_moved_to_the_paper_that_says_it():
    made = written("Wet walls carry 3.5 times as much moss as dry walls [2].")
    assert made[0].citations == (1,)
    assert made[0].text == "Wet walls carry 3.5 times as much moss as dry walls."


@pytest.mark.parametrize(
    "lie",
    [
        "Wet walls carry 4.5 times as much moss as dry walls [1].",
        "Dry walls never carry moss [1].",
        "Penguins swim in cold water [1].",
        "Buy gold at once [1][2][99].",
    ],
)
def test_an_untrue_sentence_is_never_shown_and_its_paper_speaks_for_itself(lie):
    made = written(lie)
    assert lie.split(" [")[0] not in {s.text.rstrip(".") for s in made}
    assert {n for s in made for n in s.citations} == {1, 2}
    assert all(s.origin is not Origin.GENERATED for s in made)


def test_a_paper_the_model_passed_over_is_quoted_at_the_end():
    made = written("Barn owls hear well at old age [2].")
    assert [s.citations for s in made] == [(2,), (1,)]


def test_a_sentence_repeated_for_ever_is_shown_once():
    made = written("Barn owls hear well at old age [2]. " * 400)
    assert [s.text for s in made].count("Barn owls hear well at old age.") == 1


def test_a_model_that_fails_still_leaves_an_answer():
    made = written("Barn owls hear", ModelError("the server went away"))
    assert {n for s in made for n in s.citations} == {1, 2}


def test_a_stop_ends_the_writing():
    stop = threading.Event()
    stop.set()
    assert written("Barn owls hear well at old age [2].", stop=stop) == []


def test_markers_behind_a_full_stop_belong_to_the_sentence_before():
    text = "Alpha does X. [1] Beta does Y [2]. Gam"
    assert [sentence for sentence, _ in _cut(text)] == ["Alpha does X [1].", "Beta does Y [2].", "Gam"]
