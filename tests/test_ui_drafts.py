"""A draft on the Cite tab without a browser: what the handler returns, and that nothing of it is live."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest
from scripted_library import HOSTILE_TEXT, ScriptedLibrary

from index.types import Problem
from rag.audit.draft import DraftSentence
from rag.audit.report import Audit, CheckedSentence, Flag, FlagKind
from ui.audit_view import audit_html
from ui.drafts import DraftPanel

DRAFT = "Moss grows on walls [@moss]. It covers 7 of them [@moss]. Tides rise [@hostile].\n"


@pytest.fixture
def panel(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    with gr.Blocks():
        return DraftPanel(ScriptedLibrary(tmp_path / "library"))


def uploaded(tmp_path, name="draft.md", text=DRAFT):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def quiet(*_args, **_more):
    return None


def test_a_draft_is_audited_and_forgotten_but_for_its_copy(panel, tmp_path):
    draft, bib = uploaded(tmp_path), uploaded(tmp_path, "refs.bib", "@article{moss, title={Moss}}")
    page, button, left = panel._on_check([str(bib), str(draft)], quiet)
    assert "3 citations&#58; 2 supported, 1 contradicted; 1 flag" in page
    assert page.index("To look at: 2") < page.index("Nothing wrong: 1")
    assert "no such key in draft.md" in page and str(tmp_path) not in page
    assert left is None and not draft.exists() and not bib.exists()
    copy = Path(button["value"])
    assert copy.name == "draft-checked.md" and button["visible"]
    assert copy.read_text(encoding="utf-8").count("<!-- ibid: ") == 2


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Choose a manuscript first."),
        (("a.md", "b.md"), "Choose one manuscript"),
        (("x.bib",), "a manuscript"),
    ],
)
def test_it_takes_one_manuscript(panel, tmp_path, names, said):
    page, button, _ = panel._on_check([str(uploaded(tmp_path, name)) for name in names], quiet)
    assert said in page and not button["visible"]


def test_a_draft_that_cannot_be_read_is_refused_without_its_place(panel, tmp_path):
    page, button, _ = panel._on_check([str(uploaded(tmp_path, "no.docx", "no zip"))], quiet)
    assert "no.docx" in page and "no Word document" in page
    assert str(tmp_path) not in page and not button["visible"]


def test_everything_shown_is_inert():
    said = DraftSentence(HOSTILE_TEXT, HOSTILE_TEXT, 1, 0, 9)
    flag = Flag(FlagKind.MISSING_KEY, HOSTILE_TEXT, 1, HOSTILE_TEXT, f"/tmp/{HOSTILE_TEXT}")
    checked = CheckedSentence(0, said, (), (), (flag,))
    problem = (HOSTILE_TEXT, Problem(1, HOSTILE_TEXT))
    html = audit_html(Audit("d.md", "markdown", (), (checked,), (flag,), (problem,)))
    assert "<script" not in html and "<img" not in html and "](http" not in html
