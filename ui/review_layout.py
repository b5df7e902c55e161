"""What the Review tab is made of: the steps from a topic to files, each shown when the one before is done."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from rag.question import LONGEST as TOPIC_LENGTH
from rag.review.collect import MOST
from rag.review.draft import LENGTHS
from rag.review.instruction import LONGEST, UNDERSTOOD
from ui.escaping import escape
from ui.fragment import fragment
from ui.picks import bridge
from ui.review_view import NO_PASSAGES, WELCOME

FORMS = ("Markdown", "BibTeX", "Word", "LaTeX", "HTML", "Record", "Pictures, zipped", "All, zipped")
OUTLINE_HINT = (
    "One line a paper, below the heading that it belongs to. Move, rename, delete or add lines; a line that "
    "begins with ? asks its section a question; only the [@key] of a paper's line counts."
)
MAP_HINT = (
    "Papers near each other say similar things. A click on one opens its passage; a click on a theme in the "
    "legend hides it."
)
_READ_ONLY = ("years", "include", "exclude", "most", "picks", "form", "save", "file")


@dataclass(frozen=True)
class Layout:
    """The components of the tab, by what they are for."""

    choice: gr.Dropdown
    fresh: gr.Button
    delete: gr.Button
    topic: gr.Textbox
    years: gr.Textbox
    include: gr.Textbox
    exclude: gr.Textbox
    most: gr.Number
    said: gr.Markdown
    papers_step: gr.Accordion
    collected: gr.Markdown
    picks: gr.Textbox
    make_outline: gr.Button
    outline_step: gr.Accordion
    outline: gr.Textbox
    checked: gr.Markdown
    length: gr.Radio
    draft_it: gr.Button
    draft_step: gr.Column
    progress: gr.Markdown
    stop: gr.Button
    go_on: gr.Button
    draft: gr.Markdown
    pictures: gr.Accordion
    map: gr.Plot
    timeline: gr.Plot
    coverage: gr.Plot
    changing: gr.Column
    instruction: gr.Textbox
    revised: gr.Markdown
    undo: gr.Button
    form: gr.Radio
    save: gr.Button
    saved: gr.Markdown
    file: gr.DownloadButton
    passages: gr.Markdown

    @property
    def filled(self) -> list[Any]:
        """The components that a step may change."""
        return [getattr(self, f.name) for f in fields(self) if f.name not in _READ_ONLY]


def build(keeps: bool) -> Layout:
    """The tab inside the current layout. :param keeps: whether reviews are kept, so that there is a list."""
    made: dict[str, Any] = {}
    with gr.Row(elem_id="review-desk", elem_classes="desk"):
        with gr.Column(scale=7, min_width=320, elem_id="review-main"):
            made |= _head(keeps) | _topic() | _papers() | _outline() | _draft()
        with gr.Column(scale=4, min_width=300, elem_id="review-side", elem_classes="beside"):
            fragment('<h2 class="column-head">Passages</h2>')
            made["passages"] = fragment(NO_PASSAGES, elem_id="review-passages")
    return Layout(**made)


def _head(keeps: bool) -> dict[str, Any]:
    with gr.Row(elem_id="review-head", elem_classes="small-actions"):
        fragment('<h2 class="column-head">Review</h2>')
        return {
            "choice": gr.Dropdown(
                [], label="Kept reviews", visible=False, elem_id="review-choice", interactive=keeps, scale=3
            ),
            "fresh": gr.Button("New", size="sm", visible=False, elem_id="review-fresh", min_width=70),
            "delete": gr.Button("Delete", size="sm", visible=False, elem_id="review-delete", min_width=70),
        }


def _topic() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["topic"] = gr.Textbox(
        label="Topic", placeholder="What the review is about: words or a question",
        max_length=TOPIC_LENGTH, max_lines=4, submit_btn="Collect", elem_id="review-topic",
        elem_classes="ask-box",
    )  # fmt: skip
    with gr.Accordion("Narrow it", open=False, elem_id="review-narrow"), gr.Row():
        made["years"] = gr.Textbox(label="Years", placeholder="2020-2024", max_length=20, min_width=110)
        made["include"] = gr.Textbox(
            label="With one of these words", placeholder="MRI, X-ray", max_length=1000, min_width=150
        )
        made["exclude"] = gr.Textbox(label="Without these words", max_length=1000, min_width=150)
        made["most"] = gr.Number(
            MOST, label="Papers at most", precision=0, minimum=1, maximum=200, min_width=110
        )
    made["said"] = fragment(WELCOME, elem_id="review-said")
    return made


def _papers() -> dict[str, Any]:
    with gr.Accordion("Papers", open=True, visible=False, elem_id="review-papers") as step:
        collected = fragment("", elem_id="collected")
        with gr.Row(elem_classes="small-actions step-actions"):
            fragment('<p class="ticked"><span id="review-ticked">Nothing ticked</span></p>')
            button = gr.Button(
                "Make the outline", variant="primary", size="sm", elem_id="make-outline", min_width=130
            )
    picks = bridge("review-picks", "Ticked papers")
    return {"papers_step": step, "collected": collected, "make_outline": button, "picks": picks}


def _outline() -> dict[str, Any]:
    with gr.Accordion("Outline", open=True, visible=False, elem_id="review-outline-step") as step:
        fragment(f'<p class="hint">{escape(OUTLINE_HINT)}</p>')
        outline = gr.Textbox(
            label="Outline", lines=16, max_lines=40, interactive=True, elem_id="review-outline",
            max_length=200_000,
        )  # fmt: skip
        checked = fragment("", elem_id="review-checked")
        with gr.Row(elem_classes="small-actions step-actions"):
            length = gr.Radio(
                list(LENGTHS), value="medium", label="Length", elem_id="review-length", elem_classes="pills"
            )
            button = gr.Button(
                "Draft the review", variant="primary", size="sm", elem_id="draft-review", min_width=130
            )
    return {
        "outline_step": step, "outline": outline, "checked": checked, "length": length, "draft_it": button
    }  # fmt: skip


def _draft() -> dict[str, Any]:
    made: dict[str, Any] = {}
    with gr.Column(visible=False, elem_id="review-draft-step") as made["draft_step"]:
        with gr.Row(elem_classes="small-actions"):
            made["stop"] = gr.Button("Stop", size="sm", visible=False, elem_id="review-stop", min_width=80)
            made["go_on"] = gr.Button(
                "Write what is lacking", size="sm", visible=False, elem_id="review-go-on", min_width=150
            )
        made["progress"] = fragment("", elem_id="review-progress")
        made["draft"] = fragment("", elem_id="review-draft")
        made |= _pictures()
        with gr.Column(visible=False, elem_id="review-changing") as made["changing"]:
            made |= _changing() | _saving()
    return made


def _pictures() -> dict[str, Any]:
    with gr.Accordion("Pictures", open=False, visible=False, elem_id="review-pictures") as step:
        fragment(f'<p class="hint">{escape(MAP_HINT)}</p>')
        made = {"map": gr.Plot(label="Map of topics", elem_id="review-map")}
        made["timeline"] = gr.Plot(label="Papers by year", elem_id="review-timeline")
        made["coverage"] = gr.Plot(label="Papers kept of what each query brought", elem_id="review-coverage")
    return {"pictures": step, **made}


def _changing() -> dict[str, Any]:
    fragment('<h3 class="column-head">Change it</h3>')
    instruction = gr.Textbox(
        label="Instruction", placeholder="shorten section 2; add a section on …", max_length=LONGEST,
        max_lines=4, submit_btn="Change", elem_id="review-instruction", elem_classes="ask-box",
    )  # fmt: skip
    fragment(
        f'<details class="more"><summary>What is understood</summary><p class="hint">{escape(UNDERSTOOD)}</p>'
        "</details>"
    )
    revised = fragment("", elem_id="review-revised")
    undo = gr.Button("Undo the last change", size="sm", visible=False, elem_id="review-undo", min_width=140)
    return {"instruction": instruction, "revised": revised, "undo": undo}


def _saving() -> dict[str, Any]:
    fragment('<h3 class="column-head">Save it</h3>')
    with gr.Row(elem_classes="small-actions step-actions"):
        form = gr.Radio(list(FORMS), value=FORMS[0], label="As", elem_id="review-form", elem_classes="pills")
        save = gr.Button("Save", variant="primary", size="sm", elem_id="review-save", min_width=80)
    saved = fragment("", elem_id="review-saved")
    file = gr.DownloadButton("Save", visible="hidden", elem_id="review-file")
    return {"form": form, "save": save, "saved": saved, "file": file}
