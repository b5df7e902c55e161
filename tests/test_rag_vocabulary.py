"""The grammar that holds a small model to a paper's words."""

import re
import threading

import pytest

from index.types import Paper, Scores
from rag.digest import Digester
from rag.types import Evidence, Sentence
from rag.vocabulary import grammar_of
from rag.writer_table import writer_of


def evidence(*sentences: str, title: str = "TideNet: nets for tides") -> Evidence:
    text = " ".join(sentences)
    spans = [(text.index(s), text.index(s) + len(s)) for s in sentences]
    return Evidence(1, Paper("p", title, text), tuple(Sentence(text[a:b], a, b) for a, b in spans), Scores())


def words_of(grammar: str) -> list[str]:
    return [
        w.replace('\\"', '"').replace("\\\\", "\\")
        for w in re.findall(r'"((?:[^"\\]|\\.)*)"', grammar.split("word ::= ")[1])
    ]


def test_it_holds_the_words_of_title_and_sentences_and_small_ones_and_no_others():
    words = words_of(grammar_of(evidence("Forecasts reach 69.68% (on Harbor-5), and win.")))
    assert {"TideNet", "nets", "69.68%", "Harbor-5", "Forecasts", "forecasts", "the", "which"} <= set(words)
    assert not {"not", "two", "kelp", "Harbor-5)", "(on", "TideNet:"} & set(words)
    assert len(words) == len(set(words))


def test_quotes_and_backslashes_are_escaped_and_long_lists_are_cut():
    words = words_of(grammar_of(evidence('a"b c\\d ' + " ".join(f"w{n}" for n in range(900)) + ".")))
    assert {'a"b', "c\\d"} <= set(words) and len(words) == 400


class Recorder:
    def __init__(self):
        self.given = []

    def complete(self, prompt, **settings):
        self.given.append(settings.get("grammar"))
        return type("Completion", (), {"text": "Tides rise."})()


def test_a_digester_hands_the_grammar_of_each_paper_on():
    llm = Recorder()
    one, two = evidence("Tides rise."), evidence("Gulls dive.")
    assert (
        list(Digester(llm, grammar=grammar_of).digest("Tides?", [one, two], threading.Event()))
        == ["Tides rise."] * 2
    )
    assert set(llm.given) == {grammar_of(one), grammar_of(two)}
    list(Digester(llm).digest("Tides?", [one], threading.Event()))
    assert llm.given[-1] is None


@pytest.mark.parametrize(("spec", "held"), [("smollm2", True), ("none", False)])
def test_only_the_bundled_model_is_held_to_it(spec, held):
    writer = writer_of(Recorder() if spec != "none" else None, spec, maker=None)
    digester = getattr(writer._inner, "_digester", None)
    assert (digester is not None and digester._grammar is grammar_of) is held


@pytest.mark.model
def test_the_bundled_model_keeps_to_the_words():
    from rag.llms.table import load_llm

    shown = evidence("We propose TideNet, a graph network that forecasts harbour tides from buoys.")
    llm = load_llm("smollm2")
    (draft,) = Digester(llm, grammar=grammar_of, patience=120).digest(
        "How are tides forecast?", [shown], threading.Event()
    )
    allowed = set(words_of(grammar_of(shown)))
    assert draft.endswith(".") and {w.strip(",") for w in draft[:-1].split()} <= allowed
