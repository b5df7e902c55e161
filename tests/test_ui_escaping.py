"""Escaping: no string of a paper or a model means anything in HTML or Markdown."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_library import HOSTILE_TEXT

from index.types import Paper
from ui.escaping import arxiv_url, doi_url, escape, links, plain


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("p<0.05 & <IL6>", "p&#60;0.05 &#38; &#60;IL6&#62;"),
        ("![x](http://e)", "&#33;&#91;x&#93;&#40;http&#58;//e&#41;"),
        ("[ref]: http", "&#91;ref&#93;&#58; http"),
        ("$$x$$ `c` *b* _i_", "&#36;&#36;x&#36;&#36; &#96;c&#96; &#42;b&#42; &#95;i&#95;"),
        ("&#60;img&#62;", "&#38;&#35;60;img&#38;&#35;62;"),
        ("a\n\n# b\t\x00c", "a &#35; b c"),
        ("\u202egnp\u202c.exe\u200b", "gnp.exe"),
        ("\"onload='x'\"", "&#34;onload&#61;&#39;x&#39;&#34;"),
    ],
)
def test_active_characters_become_entities(text, escaped):
    assert escape(text) == escaped


@given(st.text(max_size=200))
def test_what_is_read_is_the_text_and_nothing_active_is_left(text):
    escaped = escape(text)
    assert html.unescape(escaped) == plain(text)
    assert not set("<>\"'`*_[](){}!$\\~|:@\n\r") & set(escaped)


def test_hostile_text_keeps_its_words():
    assert html.unescape(escape(HOSTILE_TEXT)) == HOSTILE_TEXT.replace("\u202e", "")


def test_long_text_is_cut():
    assert plain("x" * 50, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    ("doi", "url"),
    [
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("10.1002/(SICI)1097-4571(199806)49:8<693::AID>3.0.CO;2-O", None),
        ("10.1016/j.x_y-z(1)", "https://doi.org/10.1016/j.x_y-z(1)"),
        ("10.1000/a&b#c?d", "https://doi.org/10.1000/a%26b%23c%3Fd"),
        ('10.5555/x"onmouseover=1', None),
        ("javascript:alert(1)", None),
        ("https://evil.test/10.1000/1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_doi_becomes_an_address(doi, url):
    assert doi_url(doi) == url


@pytest.mark.parametrize(
    ("arxiv_id", "url"),
    [
        ("2401.01234v2", "https://arxiv.org/abs/2401.01234v2"),
        ("arXiv:2401.01234", "https://arxiv.org/abs/2401.01234"),
        ("hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        ("../evil", None),
        ("2401.01234?x=1", None),
        (None, None),
    ],
)
def test_only_an_arxiv_id_becomes_an_address(arxiv_id, url):
    assert arxiv_url(arxiv_id) == url


def test_the_address_a_record_brings_is_not_used():
    assert links(Paper("p", "T", "A", url="http://evil.test")) == []
