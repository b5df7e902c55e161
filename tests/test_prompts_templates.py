"""Prompt files and their declared placeholders agree, and values are put in untouched."""

import re
from string import Template

import pytest

from prompts import templates


def test_every_file_is_declared_and_every_placeholder_used():
    texts = templates.load_all()
    assert texts.keys() == templates.PLACEHOLDERS.keys()
    for name, text in texts.items():
        assert set(Template(text).get_identifiers()) == templates.PLACEHOLDERS[name]


def test_values_are_put_in_once_and_never_looked_at_again():
    prompt = templates.render(
        "digest", question="What costs $title?", title="${sentences} {x} %s", sentences="$$5 and $question"
    )
    assert "What costs $title?" in prompt
    assert "${sentences} {x} %s" in prompt
    assert "$$5 and $question" in prompt


@pytest.mark.parametrize(
    "values",
    [{"question": "q", "title": "t"}, {"question": "q", "title": "t", "sentences": "s", "year": "1"}],
)
def test_missing_and_unknown_values_are_refused(values):
    with pytest.raises(ValueError, match="sentences|year"):
        templates.render("digest", **values)


def test_a_prompt_that_is_not_declared_is_refused():
    with pytest.raises(KeyError):
        templates.render("no-such-prompt")


def test_the_fingerprint_follows_the_text(monkeypatch):
    before = templates.fingerprint("digest")
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    monkeypatch.setattr(templates, "_load", lambda name: Template("other $question $title $sentences"))
    assert templates.fingerprint("digest") != before


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(templates, "files", lambda package: tmp_path)
    monkeypatch.setattr(templates, "PLACEHOLDERS", {"one": frozenset({"question"})})
    templates._load.cache_clear()
    yield tmp_path
    templates._load.cache_clear()


@pytest.mark.parametrize("text", ["no placeholder", "$question $more", "$question costs $5"])
def test_a_file_that_does_not_fit_its_declaration_is_refused(folder, text):
    (folder / "one.txt").write_text(text)
    with pytest.raises(ValueError, match=r"one\.txt"):
        templates.render("one", question="q")


def test_a_file_without_a_declaration_is_refused(folder):
    (folder / "one.txt").write_text("$question")
    (folder / "two.txt").write_text("stray")
    with pytest.raises(ValueError, match="two"):
        templates.load_all()
