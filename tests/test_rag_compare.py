"""Papers side by side: what cells hold, where they stand, and what figures are taken."""

import re

import pytest
from fakes import HOSTILE, PAPERS

from index.cleaning import readable
from index.types import Paper
from rag.compare.abstract import Part, paper_name, told
from rag.compare.asked import asked_aspect
from rag.compare.aspects import USUAL, aspects_of
from rag.compare.cutting import LONGEST, cut
from rag.compare.figures import counts_of, figure_columns, figures_of
from rag.compare.kinds import kind_of
from rag.compare.table import compare
from rag.review.aspects import COLUMNS, row_of

BY_ID = {p.id: p for p in PAPERS}
TRAINED = (
    "It was trained on 12,400 drone images from 31 sites and reaches a Dice score of 0.91 for giant kelp"
)


def paper(text: str, title: str | None = None) -> Paper:
    return Paper("x", title, text)


def cells(one: Paper) -> dict[str, str | None]:
    return {name: found and found.text for name, found in aspects_of(one).items()}


def no_reader():
    raise AssertionError("nothing here needs the reader")


def test_each_aspect_is_read_off_its_sentence():
    assert cells(BY_ID["kelpformer"]) == {
        "Task or problem": "KelpFormer is a transformer that maps kelp forests in drone images",
        "Data": TRAINED,
        "Method": "KelpFormer is a transformer that maps kelp forests in drone images",
        "Main result": TRAINED,
        "Limits": None,
    }


def test_a_structured_abstract_is_read_by_its_labels():
    assert cells(BY_ID["shading"]) == {
        "Task or problem": "To test whether shading slows coral bleaching",
        "Data": None,
        "Method": "Twenty-one reefs were shaded for six weeks",
        "Main result": "Bleaching was lower under shade (18% versus 42%)",
        "Limits": None,
    }
    assert [one.part for one in told(BY_ID["shading"])] == [
        Part.AIM,
        Part.METHOD,
        Part.RESULT,
        Part.CONCLUSION,
    ]


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("Objective:To test a net on reefs. Results:It was lower in shade.", "To test a net on reefs"),
        (
            "To investigate whether shade slows bleaching. Reefs were shaded.",
            "To investigate whether shade slows bleaching",
        ),
        (
            "Objective: Reefs are home to many fish. Methods: We introduce a net that maps reefs. "
            "Results: It is sharp.",
            "We introduce a net that maps reefs",
        ),  # background under that label
        (
            "Reefs fade fast, where we do not know the cause. To this end, we propose a net for reefs.",
            "We propose a net for reefs",
        ),
    ],
)
def test_the_aim_is_what_the_paper_sets_out_to_do(text, aim):
    assert cells(paper(text))["Task or problem"] == aim


def test_numbers_of_list_items_and_labels_are_no_words_of_a_cell():
    shown = cells(paper("We map reefs. (2) We collect 4,120 photographs of reefs. Results:It was slow."))
    assert shown["Data"] == "We collect 4,120 photographs of reefs"


def test_a_passive_aim_is_shown_from_its_beginning():
    things = ", ".join(f"the {n} sonar of reefs" for n in ("old", "new", "small", "large", "deep", "cheap"))
    more = f"the newest means of {'very ' * 20}fine sonar"
    text = f"Reefs fade. {things.capitalize()}, and {more} are presented in this chapter."
    shown = cells(paper(text))["Task or problem"]
    assert shown is not None and shown.startswith("The old sonar of reefs")


def test_a_silent_abstract_leaves_its_cells_silent():
    assert set(cells(BY_ID["title-only"]).values()) == {None}
    assert cells(paper("Otters are mammals. They live in rivers."))["Limits"] is None


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("one", [*PAPERS, *HOSTILE], ids=lambda p: p.id)
def test_no_cell_has_a_word_that_its_sentence_has_not_and_offsets_are_true(one):
    for found in [*aspects_of(one).values(), kind_of(one)]:
        if found is not None:
            assert one.abstract[found.start : found.end] == found.quote
            assert words(found.text) in words(readable(found.quote))
    for figure in [*counts_of(one), *figures_of(one)]:
        assert one.abstract[figure.start : figure.end] == figure.quote
        assert words(figure.shown) in words(readable(figure.quote))


@pytest.mark.parametrize(
    ("text", "aspect", "shown"),
    [
        (
            "Existing methods fail on rare kelp. We propose KelpNet to map it.",
            "Limits",
            None,
        ),  # of other work
        ("We map kelp. Our net overcomes the bottleneck of glare. It is fast.", "Limits", None),
        (
            "We map kelp. It works in summer. Further studies in winter are needed.",
            "Limits",
            "Further studies in winter are needed",
        ),
        (
            "We map kelp with a net. On KelpSet, our net outperforms others by 3%. Code is at "
            "https://example.org.",
            "Main result",
            "On KelpSet, our net outperforms others by 3%",
        ),
        (
            "Tides matter. In this paper, we review models of tides. We discuss gauges and nets.",
            "Main result",
            None,
        ),
        (
            "Tides are hard. Models exist that reach 90% accuracy. We propose a net for tides.",
            "Main result",
            None,
        ),  # of the field
        ("We count owls. The net was tested on 870 scenes.", "Data", "The net was tested on 870 scenes"),
        (
            "We test nets on reefs. It is slow. Our tests reveal important limitations of today's models.",
            "Limits",
            None,
        ),  # of the field
        (
            "We present ReefSet, a benchmark of reefs. ReefSet encompasses 4,120 photographs of 12 reefs.",
            "Data",
            "ReefSet encompasses 4,120 photographs of 12 reefs",
        ),
        (
            "We propose ReefNet. It achieves sharp maps by leveraging sonar. We tested it on nine reefs, "
            "demonstrating significant improvements in recall.",
            "Main result",
            "We tested it on nine reefs, demonstrating significant improvements in recall",
        ),  # "achieves … by" tells how
    ],
)
def test_what_is_not_the_papers_own_is_left_out(text, aspect, shown):
    assert cells(paper(text))[aspect] == shown


def test_a_long_sentence_is_cut_between_clauses_around_what_matters():
    text = (
        "The work began in a small harbour, " + "where many boats lay for the winter, " * 6
        + "and the model was trained on 12,400 images of kelp, while the crew slept."
    )  # fmt: skip
    at = text.index("12,400")
    shown = cut(text, (at, at + 20))
    assert shown.startswith("… ") and "trained on 12,400 images" in shown and len(shown) <= LONGEST * 1.3
    assert cut("A short one.") == "A short one"
    assert cut("we map kelp.") == "We map kelp" and cut("mRNA is read.") == "mRNA is read"
    long = "word " * 100
    assert len(cut(long)) <= LONGEST * 1.3 and cut(long).endswith(" …")


def test_a_name_is_what_the_title_calls_the_work():
    assert paper_name(BY_ID["tidenet"]) == "TideNet"
    assert paper_name(paper("", "Tides in harbours (TIH): a study")) == "TIH"
    assert paper_name(paper("", "Shading slows coral bleaching: a trial")) == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("In this survey, we go through nets for tides.", "survey"),
        ("We present TideBench, a benchmark for tides.", "benchmark"),
        ("Tides rise. We undertook a systematic analysis of tides.", "systematic analysis"),
        ("Tides rise. Our entry to the shared task on tides ranks third.", "shared task"),
        ("Gout is rare in cats. We report a case of gout in a cat.", "case"),
        ("Kelp fades. We report the use case of nets.", None),
        ("Kelp fades. Focus groups were held with divers.", "focus groups"),
        ("TideNet is a graph network for tides.", "graph network"),
        ("We found otters.", None),
        ("In this paper, we apply nets to the systematic review ranking task.", None),  # not of itself
        ("This work aims at reefs. To this end, we present ReefSet, a dataset of reefs.", "dataset"),
        ("We propose a novel net for reefs. We also release a dataset.", None),  # by the way
        ("We broadly reviewed the literature on reefs.", "reviewed"),
        ("This study asks whether shade helps.", "study"),
    ],
)
def test_a_paper_is_of_the_kind_that_it_calls_itself(text, kind):
    found = kind_of(paper(text))
    assert (found and found.text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We systematically evaluate nets on reefs. Our method is fast.", "evaluation"),
        ("In this work, we studied nets that map reefs.", "study"),
        ("We propose KelpNet, which maps reefs. Our method is fast.", "method"),
        ("We propose KelpNet, which maps reefs. Our results are good.", None),
    ],
)
def test_a_paper_that_names_no_kind_is_told_by_what_it_does_or_calls_its_work(text, kind):
    found = kind_of(paper(text))
    assert (found and found.text) == kind


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        # the title says it, where the text uses the word too
        (
            "Kelp-2: A Foundation Model by Divers",
            "We curate a dataset for the foundation model.",
            "foundation model",
        ),
        (
            "Tide Prediction Model for Harbours",
            "We propose an approach. Our model is fast.",
            "prediction model",
        ),
        (
            "Kelp -- a Vision-Language Benchmark",
            "We offer a framework and benchmark.",
            "vision-language benchmark",
        ),
        # what the text has more fully is kept
        ("KelpBox: A Toolbox for Reefs", "We release an open-source toolbox.", "open-source toolbox"),
        # no title of this form, or no such word in the text
        ("Training a Model for Reefs", "We present a dataset.", "dataset"),
        ("Accuracy of a Model for Reefs", "We present a dataset for models.", "dataset"),
        ("One Model is Enough", "We propose an approach to train a model.", "approach"),
        ("Kelp: A Toolkit for Reefs", "We present a system.", "system"),
        ("A Method for Reefs", "In this survey we look at each method.", "survey"),
    ],
)
def test_a_title_that_names_what_was_made_tells_the_kind(title, text, kind):
    found = kind_of(paper(text, title))
    assert (found and found.text) == kind


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("We tested it on 631 patients and 10,042 CT scans.", {"people": 631, "images": 10042}),
        ("We use 2.5 million image-text pairs.", {"samples": 2.5e6}),
        ("We tested a model of 7B parameters on three data sets.", {"parameters": 7e9, "data sets": 3}),
        ("We saw 20 patients. We saw 80 patients.", {"people": 80}),  # the largest
        ("We saw it in 2019 patients were few.", {}),  # a year
        ("We trained nets on fewer than 500 images.", {}),  # a bound
        ("We built a 2-million-scale data set.", {}),  # a size, not a count of sets
        ("We spent 40 hours on videos, 30% of images.", {}),  # units
        ("Others had 900 patients. We propose a net for patients.", {}),  # not its own
    ],
)
def test_counts_are_of_what_stands_right_behind(text, figures):
    assert {f.measure: f.value for f in counts_of(paper(text))} == figures


def test_a_spread_or_a_rivals_value_is_no_figure():
    assert figures_of(paper("We reach 0.91 ± 0.5 Dice.")) == []
    text = "The state of the art reaches an accuracy of 90%. We reach an accuracy of 91%."
    assert [f.shown for f in figures_of(paper(text))] == ["91%"]
    assert figures_of(paper("We do better than an accuracy of 90%.")) == []


def test_the_figures_of_a_column_share_a_unit_and_sort():
    papers = [
        Paper("a", None, "We reach an accuracy of 91%."),
        Paper("b", None, "We reach an accuracy of 0.885."),
        Paper("c", None, "We reach an accuracy of 9.5%."),
    ]
    (column,) = figure_columns(papers)
    assert column.head == "accuracy (%)"
    assert sorted((f.value, i) for i, f in column.values.items()) == [(9.5, "c"), (88.5, "b"), (91.0, "a")]
    assert column.values["b"].shown == "0.885"
    assert [c.head for c in figure_columns(papers[1:2])] == ["accuracy"]


def test_reviews_and_comparisons_read_the_same_cells():
    assert COLUMNS == USUAL
    row = row_of(BY_ID["tidenet"])
    found = aspects_of(BY_ID["tidenet"])
    assert row.cells[0].text.startswith("The authors propose TideNet, a graph network that joins")
    spans = [(c.passage.start, c.passage.end) if c else None for c in row.cells]
    assert spans == [(f.start, f.end) if f else None for f in found.values()]


@pytest.mark.parametrize(
    ("aspect", "shown"),
    [
        ("dataset", TRAINED),
        ("What are the limitations?", None),
        ("What is the aim?", "KelpFormer is a transformer that maps kelp forests in drone images"),
        ("sample size", TRAINED),
        ("number of patients", None),
        ("imaging modality", None),
        ("metrics", TRAINED),
    ],
)  # fmt: skip
def test_an_aspect_asked_for_is_answered_by_what_it_must_hold(aspect, shown):
    (found,) = asked_aspect(aspect, [BY_ID["kelpformer"]], no_reader)
    assert (found and found.text) == shown


class ScriptedReader:
    """Gives every sentence one score."""

    def __init__(self, score):
        self.score = score

    def read(self, question, papers):
        from rag.reader import Reading

        return [Reading(0.0, (self.score,) * len(told(p)), 0.0) for p in papers]


def test_free_words_must_stand_in_the_sentence_and_convince_the_reader():
    papers = [BY_ID["tidenet"], BY_ID["kelpformer"]]
    sure, unsure = ScriptedReader(0.6), ScriptedReader(0.2)
    tide, kelp = asked_aspect("wind data", papers, lambda: sure)
    assert tide.text == "Adding wind data did not improve the forecasts" and kelp is None
    assert asked_aspect("wind data", papers, lambda: unsure) == [None, None]
    assert asked_aspect("the of", papers, no_reader) == [None, None]


def test_a_comparison_keeps_the_order_and_tells_what_it_rests_on():
    found = compare([BY_ID["tidenet"], BY_ID["kelpformer"]], lambda p: f"k_{p.id}", no_reader)
    assert found.aspects == ("Type", *USUAL)
    record = found.to_dict()
    assert record["schema"] == "ibid.compare/1"
    assert [p["key"] for p in record["papers"]] == ["k_tidenet", "k_kelpformer"]
    result = record["papers"][0]["cells"]["Main result"]
    assert BY_ID["tidenet"].abstract[result["start"] : result["end"]] == result["quote"]
    assert record["figures"] == [
        {"name": "images", "unit": ""},
        {"name": "Dice", "unit": ""},
        {"name": "accuracy", "unit": "%"},
    ]
    assert record["papers"][0]["figures"]["accuracy"]["value"] == 69.68
    assert record["papers"][1]["cells"]["Type"]["text"] == "transformer"


STUDY = (
    "Glare off shallow water is common in otter country. To evaluate whether shading nets reduce stress in "
    "sea otters. In this prospective, randomized study, 64 animals from two bays were assigned "
    "to shade or to no "
    "shade. Cortisol was measured by immunoassay before and after eight weeks. Mean age was "
    "6.1 years. Cortisol "
    "was significantly lower in the shaded otters (12.1 vs 18.4 ng/ml; P=.002). Appetite did "
    "not differ. Shading "
    "nets reduce stress in sea otters. Further studies in other bays are needed."
)


def test_a_study_without_labels_is_read_by_the_order_of_its_parts():
    one = paper(STUDY, "Do shading nets reduce stress in sea otters")
    assert [t.part for t in told(one)] == [
        Part.BACKGROUND, Part.AIM, *[Part.METHOD] * 2, *[Part.RESULT] * 3, *[Part.CONCLUSION] * 2
    ]  # fmt: skip
    shown = cells(one)
    assert shown["Task or problem"] == "To evaluate whether shading nets reduce stress in sea otters"
    assert shown["Data"].startswith("In this prospective, randomized study, 64 animals from two bays")
    assert shown["Method"] == "Cortisol was measured by immunoassay before and after eight weeks"
    assert shown["Main result"].startswith(
        "Cortisol was significantly lower in the shaded otters (12.1 vs 18.4"
    )
    assert shown["Limits"] == "Further studies in other bays are needed"
    assert kind_of(one).text == "prospective, randomized study"


def test_what_was_made_is_no_study_whatever_the_tense():
    from rag.compare.study import is_study

    made = [
        "We propose a net for reefs.",
        "It was trained on 12 reefs.",
        "It was fast.",
        "It was good (p < 0.01).",
    ]
    corpus = ["The corpus was annotated.", "Verbs were tagged.", "Nouns were tagged.", "It was released."]
    assert not is_study(made) and not is_study(corpus)
    assert is_study(["Otters were fed.", "They were weighed.", "They were heavy (p < 0.01).", "Feed helps."])


@pytest.mark.parametrize(
    ("text", "aspect", "shown"),
    [
        (
            "We present TideBench, a benchmark of tides. Even strong models struggle with TideBench.",
            "Limits",
            None,
        ),
        ("We map kelp. Kelp grew at the expense of moss. It is fast.", "Limits", None),
        (
            "Kelp fades. We present a net of kelp. In total, there are 96 dives over two "
            "years. From these, we learn "
            "shapes through a graph network.",
            "Method",
            "We learn shapes through a graph network",
        ),  # what is there is no way, and "from these" points to what is not shown
        (
            "Nous étudions les marées de la mer avec un réseau et les données des ports.",
            "Task or problem",
            None,
        ),
    ],
)
def test_causes_of_wrong_cells(text, aspect, shown):
    assert cells(paper(text))[aspect] == shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We present MONA Models, an open-source platform for tides.", "open-source platform"),
        ("We introduce TideNet, the first family of deep networks for tides.", "family of deep networks"),
        ("We introduce TideNet, a large vision-language model for tides.", "large vision-language model"),
        ("We first review nets by a search of the literature.", None),
        ("We investigate the performance of learning algorithms.", "investigation"),
        ("We propose nets of layers, before the training of the neural network.", None),
    ],
)
def test_the_kind_is_the_whole_word_and_the_papers_own(text, kind):
    found = kind_of(paper(text))
    assert (found and found.text) == kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We reach an F1-score of 76.2 on tides.", [("F1", 76.2, "%", "76.2")]),
        ("We reach accuracy at 25 and a recall for 20 raters.", []),
        ("We are within 1% accuracy of the best.", []),
        ("The odds ratio was 1.45 in our otters.", [("odds ratio", 1.45, "", "1.45")]),
        ("We reach a dice similarity coefficient (DSC) of 93.4%.", [("Dice", 93.4, "%", "93.4%")]),
    ],
)
def test_scores_out_of_a_hundred_and_ratios_are_figures(text, shown):
    assert [(f.measure, f.value, f.unit, f.shown) for f in figures_of(paper(text))] == shown


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("We saw twenty-six patients.", {"people": 26}),
        ("We saw 101 patients (33.7%) again.", {}),  # a part
        ("We use 1.6M CXR studies.", {"images": 1.6e6}),
        ("We saw ten sets during patient visits and a second dataset.", {}),
        ("We took twenty-four hour samples.", {}),
    ],
)
def test_counts_are_no_shares_spans_of_time_or_ordinals(text, figures):
    assert {f.measure: f.value for f in counts_of(paper(text))} == figures


def test_a_cut_ends_with_a_phrase_and_drops_only_a_lead_of_purpose():
    lead = "To map reefs that fade in the heat of long summers, "
    text = lead + "we train a net " + "on many images of the sea " * 8
    assert cut(text, (len(lead), len(lead) + 10)).startswith("We train a net")
    whole = "The nets that were compared on all of the reefs of the north and of the south " + "and " * 2
    text = whole + "of the many isles " * 8 + "provide a good alternative."
    assert cut(text).endswith("provide a good alternative")
