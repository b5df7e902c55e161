"""Readable text undoes LaTeX leftovers, touches nothing else, and maps back to what is stored."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning import match_key, readable, readable_with_map

CASES = {
    r"up to 4.5\% and 24.92\%, 15\%": "up to 4.5% and 24.92%, 15%",
    r"2D \& 3D, a\_b, \#1, 5\$": "2D & 3D, a_b, #1, 5$",
    r"the \textbf{Gauge} and \emph{the \textit{river}}": "the Gauge and the river",
    r"Fr\'echet, Na\"ive, r\^ole, \`a": "Fréchet, Naïve, rôle, à",
    r"int\'{e}gr\'e, encha\^{\i}nement": "intégré, enchaînement",
    r"Fran\c{c}ois, \v{S}koda, Erd\H{o}s, \aa, \o, \ss": "François, Škoda, Erdős, å, ø, ß",
    "the ``total recall'' of it": "the “total recall” of it",
    "a -- b, 1.80--4.68, end---start, x ---- y": "a – b, 1.80–4.68, end—start, x — y",
    "0.91 pm 0.02 and 83.6pm6.3% and 96.00% pm 0.48%": "0.91 ± 0.02 and 83.6±6.3% and 96.00% ± 0.48%",
    "{0.84 pm 0.5} Dice": "0.84 ± 0.5 Dice",
    r"$0.91 \pm 0.02$, $\alpha$, $n=10$, $p < 0.05$": "0.91 ± 0.02, α, n=10, p < 0.05",
    "sim 10 years, 20sim40 years, (sim3x)": "~10 years, 20~40 years, (~3x)",
    "2000times faster, 512times512": "2000× faster, 512×512",
    r"{\mu}-Bench, \chi^2=105.04, \alpha-helix, 5 \times 3": "μ-Bench, χ²=105.04, α-helix, 5 × 3",
    "O(N^2), M^3AE, 10^{-3}, R_1{-}Net, {l_1} ball": "O(N²), M³AE, 10⁻³, R_1-Net, l_1 ball",
    "code at~https://a.org/x and Fig.~3": "code at https://a.org/x and Fig. 3",
    "at https://a.org/X/{http://a.org/x/}.": "at https://a.org/X/.",
    "at https://a.org/Gauge-4{Gauge-4} or https://a.org/b{link}": "at https://a.org/Gauge-4 or https://a.org/b",
    "see https://a.org/b/{project website} for": "see https://a.org/b/ (project website) for",
    "is at {https://a.org/x-5M}": "is at https://a.org/x-5M",
    r"\href{https://a.org}{our page} and href{https://a.org}{data}": "our page and data",
    r"\url{https://a.org/b_c}": "https://a.org/b_c",
    r"as shown~\cite{low2020,rud2021} before": "as shown before",
    # what stays as it is
    "by 36 times more, similar 3D": "by 36 times more, similar 3D",
    "at 5 pm on Monday, at 7 pm 30 boats": "at 5 pm on Monday, at 7 pm 30 boats",
    "costs $5 to $10 and 3$": "costs $5 to $10 and 3$",
    "~3x more, 0.5~1.0, by ~5%": "~3x more, 0.5~1.0, by ~5%",
    "Étude à Liège, αβγ, 日本語, 👩\u200d🔬 naïve": "Étude à Liège, αβγ, 日本語, 👩\u200d🔬 naïve",
    r"an \unknown{thing} stays": r"an \unknown{thing} stays",
    "f1 = {a, b} and x_{i}": "f1 = {a, b} and x_i",
    "it's the rivers' bed": "it's the rivers' bed",
}


@pytest.mark.parametrize(("stored", "expected"), CASES.items(), ids=range(len(CASES)))
def test_leftovers_become_readable_and_the_rest_stays(stored, expected):
    assert readable(stored) == expected


def test_spans_map_to_the_stored_text_and_back():
    stored = r"We gain 4.5\% with \textbf{Mamba} at 0.91 pm 0.02."
    result = readable_with_map(stored)
    assert result.text == "We gain 4.5% with Mamba at 0.91 ± 0.02."
    start = result.text.index("Mamba")
    first, last = result.to_stored(start, start + 5)
    assert stored[first:last].startswith("Mamba")
    assert result.to_readable(stored.index("Mamba"), stored.index("Mamba") + 5) == (start, start + 5)
    assert result.to_stored(0, len(result.text)) == (0, len(stored))
    assert result.to_readable(0, len(stored)) == (0, len(result.text))
    with pytest.raises(ValueError, match="outside a text"):
        result.to_stored(3, 999)


LATEX = st.lists(
    st.sampled_from(
        [*"\\{}$^~_-`'\"aei2 %éα…\u0301", "--", "pm", "sim", "times", "0.5", "https://a.b/", "href{"]
        + ["\\alpha", "\\'", "\\textbf{", "\\cite{", "\\frac"]
    ),
    max_size=14,
).map("".join)


@given(text=st.one_of(LATEX, st.text(max_size=60)))
def test_readable_text_is_its_own_readable_form(text):
    once = readable(text)
    assert readable(once) == once


@given(text=st.one_of(LATEX, st.text(max_size=60)))
def test_the_map_never_goes_back_and_covers_the_text(text):
    result = readable_with_map(text)
    assert len(result.origin) == len(result.text) + 1
    assert list(result.origin) == sorted(result.origin)
    assert all(0 <= i <= len(text) for i in result.origin)
    assert result.text == readable(text)
    for start in range(len(result.text)):
        first, last = result.to_stored(start, start + 1)
        assert 0 <= first <= last <= len(text)


@given(
    text=st.text(st.characters(categories=["L", "Nd", "Zs", "So"], exclude_characters="pmst"), max_size=80)
)
def test_plain_text_of_any_script_is_untouched(text):
    assert readable(text) == text
    assert readable_with_map(text).origin == tuple(range(len(text) + 1))


def test_match_keys_join_spellings_of_one_title():
    same = [
        r"The Fr\'echet Distance -- \emph{100\%} $\alpha$!",
        "the fréchet distance: 100% α",
        "The Frechet distance 100 % \\alpha",
    ]
    assert {match_key(title) for title in same} == {"thefrechetdistance100α"}
    assert match_key("STRASSE ﬁne ²") == match_key("straße fine 2") == "strassefine2"
    assert match_key("हिन्दी") != match_key("हन्दा")
    assert match_key("…—?!") == ""


@given(text=st.text(max_size=60))
def test_match_keys_do_not_depend_on_the_unicode_form(text):
    assert match_key(unicodedata.normalize("NFD", text)) == match_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    "unit", ["{", "}", "\\textbf{", "$a ", "https://", "\\cite[", "a^{", "1 pm ", "``", "\\'"]
)
def test_hostile_text_is_cleaned_in_time(unit):
    text = unit * (20_000 // len(unit))
    began = time.perf_counter()
    readable_with_map(text)
    assert time.perf_counter() - began < 2.0
