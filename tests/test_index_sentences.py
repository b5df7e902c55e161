"""Sentences end where a reader would end them, and spans are exact."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_sentences

# Sentences are parted by ‖ (with the blank that stands there) or ¦ (where no blank stands).
CASES = [
    "We read gauges. ‖They drift.",
    "Several models (e.g. logistic regression) were fitted. ‖All failed.",
    "Some data, i.e. images of rivers, are rare. ‖We add more.",
    "It reached 71% vs. 25% before. ‖That is new.",
    "Low et al. (2020) disagree. ‖We do not.",
    "This follows Low et al. ‖We extend it.",
    "See Fig. 2 and Eq. (4) for details. ‖Table 3 lists them.",
    "About approx. 30 gauges were read. ‖None broke.",
    "The gain w.r.t. these baselines is small. ‖It holds.",
    "The effect was small (p < 0.05). ‖The other was not.",
    "The value was 0.05. ‖It rose to 3.14 later.",
    "We used gauges, boats, etc. ‖The boats sank.",
    "We used boats, etc. in the spring. ‖They sank.",
    "Rivers of the U.K. are short. ‖Others are not.",
    "It was tested in the U.K. ‖We repeat it here.",
    "It was written by J. Smith and A. B. Jones in 1999. ‖Nobody read it.",
    "All tasks were done in R. ‖This took days.",
    "They took vitamin D. ‖Patients improved.",
    "C. elegans is small. ‖It crawls.",
    "No. 5 is missing. ‖Gauge no. 7 is not.",
    "They said no. ‖We agreed.",
    "Notes were read. ‖800 notes were lost.",
    "Levels rose. ‖mRNA did not. ‖eGFR fell. ‖p53 stayed.",
    "Scores fell. ‖α-synuclein did not.",
    "We share the dataset.¦Our code is open.",
    "Data are kept locally.¦On average, it is slow.",
    "The effect holds (n = 12).¦We repeat it.",
    "Code is at https://example.org/Low.Rud/x. ‖It runs.",
    "Code is at https://example.org/x",
    "Version 2.0. ‖We then wrote 3.1.4 of it.",
    'Is it safe? ‖We ask. ‖It said "Yes!" and left. ‖"No." ‖Then it ended.',
    "What now? asked the river. ‖Nothing.",
    "We ask: (i) does it drift? ‖(ii) where? ‖Both matter.",
    "The end ... or not. ‖We wait... ‖The end.",
    "Objective: To read gauges. ‖Methods: We read them. ‖Results: They drift.",
    "Background. We read gauges. ‖Methods. Two years passed.",
    "It improves points.[4] ‖Other work does not.[5,6]",
    "1. We read. ‖2. We write.",
    "It uses a base model. ‖iv) It is small.",
    "We find: i) drift; ii) noise. ‖Both matter.",
    "Dr. Low met Prof. Rud. ‖They agreed.",
    "Gains of 4.5\\%. ‖Losses of 3\\%.",
    "Data came in Jan. 2020 and Dec. 2021. ‖They were lost.",
    "Use of $x_{i}. y$ is odd. ‖We avoid it.",
    "The results are open. ‖we also give code.",
    "Hepatitis B. virus was absent (see Suppl. Table S1). ‖So was C.",
    "Der Fluss z.B. steigt. ‖Er fällt.",
    "河は上がる。¦次に下がる。",
    "We say so. ‖(This is an aside.) ‖It ends.",
    "In multimodal imaging. ‖seg2med also works.",
    "One line\n\n¦Another line",
    "The system is old. ‖---- Cet article parle.",
    "It runs at 5 p.m. every day. ‖It stops.",
    "Gauges (Inc. Ltd. makes them) work. ‖Yes.",
]


@pytest.mark.parametrize("marked", CASES, ids=range(len(CASES)))
def test_sentences_end_where_a_reader_ends_them(marked):
    text = marked.replace("‖", "").replace("¦", "")
    expected = [part.strip() for part in marked.replace("¦", "‖").split("‖")]
    assert [text[s:e] for s, e in split_sentences(text)] == expected


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_has_no_sentences(text):
    assert split_sentences(text) == []


PIECES = st.lists(
    st.sampled_from(
        ["We", "the", ". ", "? ", "! ", "...", "\n\n", "e.g. ", "U.K. ", "0.5", "[4]", "mRNA", "Our", "data"]
        + ["i) ", "J. ", "1. ", "Methods. ", *' .()"é。\u2028\t']
    ),
    max_size=25,
).map("".join)


@given(text=st.one_of(PIECES, st.text(max_size=80)))
def test_spans_are_ordered_trimmed_and_cover_everything_but_blanks(text):
    spans = split_sentences(text)
    at = 0
    for start, end in spans:
        assert not text[at:start].strip()
        assert start < end and text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("unit", [".", "e.g. ", "A. ", "1. ", ".[1,", ')."', "abc.Abc ", "\n ", "?!"])
def test_hostile_text_is_split_in_time(unit):
    text = unit * (20_000 // len(unit))
    began = time.perf_counter()
    split_sentences(text)
    assert time.perf_counter() - began < 1.0
