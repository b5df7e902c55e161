"""Chunks are windows of whole sentences with exact offsets."""

from hypothesis import given
from hypothesis import strategies as st

from index.chunking import CHUNKER, chunk_abstract

FIVE = "One two three four five. "  # five words


def test_an_empty_abstract_has_one_empty_chunk():
    assert chunk_abstract("") == chunk_abstract("  ") == [(0, 0)]


def test_a_short_abstract_is_one_chunk_without_its_outer_blanks():
    assert chunk_abstract(" " + FIVE * 3) == [(1, 75)]


def test_windows_share_a_sentence_and_respect_the_limit():
    text = (FIVE * 8).strip()
    spans = chunk_abstract(text, max_words=20)
    assert spans == [(0, 99), (75, 174), (150, 199)]
    assert [len(text[s:e].split()) for s, e in spans] == [20, 20, 10]
    assert chunk_abstract(text, max_words=20, overlap_sentences=0) == [(0, 99), (100, 199)]


def test_a_tiny_last_chunk_joins_the_one_before():
    text = FIVE * 4 + "End now."
    assert chunk_abstract(text, max_words=20) == [(0, 108)]


def test_a_sentence_longer_than_the_limit_is_cut_at_blanks():
    text = " ".join(f"w{i}" for i in range(25)) + "."
    spans = chunk_abstract(text, max_words=10)
    assert [text[s:e].split()[0] for s, e in spans] == ["w0", "w10", "w20"]
    assert [len(text[s:e].split()) for s, e in spans] == [10, 10, 5]


def test_an_abstract_of_usual_length_has_one_to_three_chunks():
    assert len(chunk_abstract(FIVE * 30)) == 1
    assert len(chunk_abstract(FIVE * 60)) == 1
    assert len(chunk_abstract(FIVE * 90)) == 2


def test_the_settings_are_named_for_the_manifest():
    assert CHUNKER == "sentences/300/1"


@given(
    words=st.lists(
        st.sampled_from(["We", "see", "rivers.", "Our", "(p", "<", "0.05).", "end.", "é"]), max_size=120
    ),
    limit=st.integers(3, 30),
    overlap=st.integers(0, 3),
)
def test_chunks_cover_the_abstract_in_order_and_stay_small(words, limit, overlap):
    text = " ".join(words)
    spans = chunk_abstract(text, max_words=limit, overlap_sentences=overlap)
    assert spans[0][0] == 0 and spans[-1][1] == len(text)
    for (_, end), (start, later) in zip(spans, spans[1:], strict=False):
        assert not text[end:start].strip()
        assert end < later
    for start, end in spans:
        assert len(text[start:end].split()) <= limit * 7 / 6
