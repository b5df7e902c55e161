"""Reasoning and stop words are cut out of a stream however its pieces fall."""

import pytest

from rag.llms.streams import StopWords, strip_reasoning, without_reasoning

CASES = [
    ("Paris.", "Paris."),
    ("<think>Let me see.</think>\n\nParis.", "Paris."),
    ("A <think>b</think> c <think>d</think>e", "A c e"),
    ("Paris <think>and then it ran out of", "Paris "),
    ("a < b and <thin air", "a < b and <thin air"),
    ("<think></think>", ""),
    ("", ""),
]


@pytest.mark.parametrize(("said", "shown"), CASES)
def test_reasoning_is_left_out(said, shown):
    assert strip_reasoning(said) == shown


@pytest.mark.parametrize(("said", "shown"), CASES)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_is_left_out_of_a_stream_cut_anywhere(said, shown, size):
    pieces = [said[i : i + size] for i in range(0, len(said), size)]
    assert "".join(without_reasoning(pieces)) == shown


def test_text_is_passed_on_as_soon_as_it_cannot_be_a_tag():
    stream = without_reasoning(iter(["Hello <", "b", "ye"]))
    assert [next(stream), next(stream), next(stream)] == ["Hello ", "<b", "ye"]


def test_reasoning_opened_by_the_chat_template_is_left_out_of_a_whole_text():
    assert strip_reasoning("I should say Paris.</think>\nParis.") == "Paris."


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_the_first_stop_word_ends_the_text(size):
    words, text = StopWords(["\n\n", "User:"]), "One line\nand User, then User: no\n\nmore"
    shown = "".join(words.feed(text[i : i + size]) for i in range(0, len(text), size))
    assert shown + words.feed("", last=True) == "One line\nand User, then "
    assert words.found


def test_without_a_stop_word_all_text_comes_out():
    words = StopWords(["END"])
    assert words.feed("the E") + words.feed("N") + words.feed("", last=True) == "the EN"
    assert not words.found
    assert StopWords([]).feed("all at once") == "all at once"
