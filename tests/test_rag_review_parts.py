"""The parts of a review that need no model: phrases, counts, figures, wording, outlines, instructions."""

import pytest
from review_fixtures import BY_ID

from index.errors import ReadError, UsageError
from index.types import Paper
from rag.phrases import shared_phrases
from rag.review.counting import commonalities, passage_with, years_of
from rag.review.instruction import Deed, Order, find_section, read_instruction
from rag.review.measures import figures_of, side_by_side
from rag.review.outline import Heading, Outline, read_outline, write_outline
from rag.review.voice import Voice, contrasted, lowered, named, unvoiced
from rag.terms import number_word

KELP, BRINE, TIDE, WAVE = (BY_ID[i] for i in ("kelpformer", "brinenet", "tidenet", "wavegan"))


def test_shared_phrases_are_those_that_end_where_a_run_of_words_ends():
    found = {p.text: (p.papers, p.titled) for p in shared_phrases([KELP, BRINE])}
    assert found["giant kelp"] == (("kelpformer", "brinenet"), 0)
    assert found["kelp forests"] == (("kelpformer", "brinenet"), 1)
    assert "Dice score" in found and "images" not in {t for t in found if t == "see"}


def test_what_papers_share_is_counted_and_cites_exactly_those_that_say_it():
    papers = [
        Paper("a", None, "We use drone images of giant kelp. It works."),
        Paper("b", None, "Giant kelp is seen from space."),
        Paper("c", None, "Otters eat urchins near giant kelp."),
    ]
    found = commonalities(papers, "otters")
    assert found is not None and found.counted
    assert found.text == "Of the three abstracts here, all mention “giant kelp”."
    assert found.cited == ("a", "b", "c")
    assert [p.quote for p in found.passages][0] == "We use drone images of giant kelp."
    assert commonalities(papers, "giant kelp") is None  # the heading says it already
    assert commonalities(papers[:2], "otters") is None  # two papers are no set to count in


def test_a_phrase_is_found_where_its_words_stand_side_by_side():
    paper = Paper("a", None, "Kelp that is giant. Giant kelps grow.")
    found = passage_with(paper, ("giant", "kelp"))
    assert found is not None and (found.start, found.quote) == (20, "Giant kelps grow.")
    assert passage_with(paper, ("kelp", "giant")) is None


@pytest.mark.parametrize(
    ("years", "shown"), [((2019, 2024, 2021), "2019–2024"), ((2020, 2020), "2020"), ((2020, None), "")]
)
def test_years_are_told_only_when_all_are_known(years, shown):
    assert years_of([Paper(str(n), None, "", year=y) for n, y in enumerate(years)]) == shown


def test_numbers_are_words_up_to_twelve():
    assert [number_word(n) for n in (0, 1, 12, 13)] == ["no", "one", "twelve", "13"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It reaches a Dice score of 0.91 for kelp.", [("Dice", "0.91")]),
        ("It has an accuracy of 69.7% and an AUC of 0.8.", [("AUC", "0.8"), ("accuracy", "69.7%")]),
        ("We see 91% accuracy.", [("accuracy", "91%")]),
        ("It improves accuracy by 3.1%.", []),  # a gain, not a level
        ("A gain of 4.1 points in AUC.", []),
        ("Accuracy 12 of 30.", []),  # no share
        ("Specificity was high.", []),
    ],
)
def test_only_figures_beside_their_measure_are_taken(text, figures):
    assert sorted((f.measure, f.shown) for f in figures_of(Paper("a", None, text))) == figures


def test_figures_of_one_measure_stand_side_by_side():
    (found,) = side_by_side([KELP, BRINE, TIDE])
    assert found.text == (
        "Two of the three abstracts state a figure for Dice: 0.91 (KelpFormer) and 0.83 (BrineNet); "
        "data and tasks differ, so the figures do not rank them."
    )
    assert found.cited == ("kelpformer", "brinenet")


NO_NAME = Paper("x", "On tides", "Tides.")


@pytest.mark.parametrize(
    ("text", "paper", "again", "shown"),
    [
        ("The authors propose TideNet.", TIDE, "", "Holm and Vermeer propose TideNet."),
        ("TideNet: the authors join gauges.", TIDE, "", "Holm and Vermeer join gauges."),
        ("TideNet: the authors join gauges.", TIDE, "They", "They join gauges."),
        ("WaveGAN: the authors test it.", WAVE, "", "The authors of WaveGAN test it."),
        ("WaveGAN: this model predicts surges.", WAVE, "", "WaveGAN predicts surges."),
        ("WaveGAN: it predicts surges.", WAVE, "", "WaveGAN predicts surges."),
        (
            "Their results show surges.",
            TIDE,
            "",
            "In the study of Holm and Vermeer, the results show surges.",
        ),
        ("The authors also test it.", NO_NAME, "", "The authors test it."),
        ("To overcome this limitation, the authors test it.", NO_NAME, "", "The authors test it."),
        ("With 8 gauges, the authors test it.", NO_NAME, "", "With 8 gauges, the authors test it."),
    ],
)
def test_who_speaks_is_told_by_name(text, paper, again, shown):
    assert named(text, paper, again=again) == shown


def test_a_voiced_sentence_can_be_undone_for_its_check():
    assert unvoiced("Similarly, Holm and Vermeer propose TideNet.", TIDE) == "The authors propose TideNet."


def test_a_connective_stands_only_where_its_relation_holds():
    first, second = "Harbour tides are forecast by a network.", "A network forecasts harbour tides."
    voice = Voice(lambda s: 3.0)
    assert voice.say(first, TIDE, 0.9) == first  # nothing stands before
    assert voice.say(second, WAVE, 0.9) == f"Similarly, a{second[1:]}"
    voice = Voice(lambda s: 3.0)
    voice.say(first, TIDE)
    assert voice.say(second, WAVE, 0.4) == second  # not alike
    voice = Voice(lambda s: 0.1)
    voice.say(first, TIDE)
    assert voice.say(second, WAVE, 0.9) == second  # shared words that every paper has


def test_contrast_is_two_contraries_of_one_word():
    assert contrasted("It learns with labels.", "It learns without labels.")
    assert contrasted("Supervised pretraining helps.", "Unsupervised pretraining helps.")
    assert not contrasted("Supervised pretraining helps.", "Unsupervised clustering helps.")
    assert not contrasted("A higher score is reached.", "A lower score is reached.")


KEYS = {"kelpformer": "lind_kelpformer_2024", "brinenet": "sato_brinenet_2021"}


def find(name):
    return name if name in KEYS else {v: k for k, v in KEYS.items()}.get(name)


def test_an_outline_is_read_back_as_it_was_written():
    outline = Outline(
        "Kelp",
        "kelp maps",
        (Heading("Maps", ("kelpformer",), "Which data?", (Heading("Old", ("brinenet",)),)),),
    )
    text = write_outline(outline, BY_ID, KEYS)
    assert text.splitlines()[:2] == ["# Kelp", "topic: kelp maps"]
    assert "- [@lind_kelpformer_2024] KelpFormer: mapping kelp forests from drone images (2024)" in text
    assert read_outline(text, "o.md", find, []) == outline


def test_an_outline_takes_what_a_hand_writes():
    text = "# T\n## A\nloose words\n* kelpformer whatever\n## Empty\n## B\n? why\n"
    text += "- @sato_brinenet_2021\n- kelpformer\n"
    assert read_outline(text, "o.md", find, []).headings == (
        Heading("A", ("kelpformer",)), Heading("B", ("brinenet",), "why"),
    )  # fmt: skip


def test_unknown_papers_of_an_outline_are_named_with_their_line():
    with pytest.raises(
        ReadError, match=r"^o\.md:2: no paper .* 'lind_kelpfromer_2024'; did you mean lind_kelpformer"
    ):
        read_outline("## A\n- [@lind_kelpfromer_2024]\n", "o.md", find, list(KEYS.values()))
    with pytest.raises(ReadError, match=r"^o\.md: no paper stands"):
        read_outline("# nothing\n", "o.md", find, [])


def test_an_instruction_is_read_as_orders():
    text = (
        "Shorten section 2; drop paper lind_2024; add a section on coral reefs. Then keep the first section"
    )
    assert read_instruction(text) == [
        Order(Deed.SHORTEN, "2"), Order(Deed.DROP, paper="lind_2024"), Order(Deed.NEW, about="coral reefs"),
        Order(Deed.KEEP, "first"),
    ]  # fmt: skip
    assert read_instruction("rewrite Maps about cost, then delete section 3") == [
        Order(Deed.REPLACE, "Maps", about="cost"), Order(Deed.DELETE, "3"),
    ]  # fmt: skip
    assert read_instruction(
        "add paper @x_1 to section 1; move paper y to Maps; rename section 2 to “Kelp”"
    ) == [
        Order(Deed.ADD, "1", "x_1"), Order(Deed.MOVE, "Maps", "y"), Order(Deed.RENAME, "2", about="Kelp"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["make it rhyme", "shorten section 1; sing", ";", "x" * 3000])
def test_what_is_not_understood_is_refused_with_what_is(text):
    with pytest.raises(UsageError, match="understood are|in parts"):
        read_instruction(text)


def test_sections_are_found_by_number_ordinal_or_heading():
    heads = ["Kelp maps", "Tide tables", "Kelp prices"]
    assert [find_section(n, heads) for n in ("2", "section 3", "last", "first", "tide", "kelp maps")] == [
        1, 2, 2, 0, 1, 0,
    ]  # fmt: skip
    with pytest.raises(UsageError, match="several sections fit 'kelp'; the sections are: 1 Kelp maps; 2"):
        find_section("kelp", heads)
    with pytest.raises(UsageError, match="there is no section '7'"):
        find_section("7", heads)


def test_behind_a_connective_authors_without_a_name_have_a_small_letter():
    assert (
        lowered("Another group of authors measure tides.", TIDE) == "another group of authors measure tides."
    )
    assert lowered("Other authors measure tides.", TIDE) == "other authors measure tides."
    assert lowered("TideNet measures tides.", TIDE) == "TideNet measures tides."
