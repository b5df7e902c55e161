"""The Review tab: a topic, its papers to tick, an outline to edit, a draft that streams, changes, files.

What is done is kept after each step, so that a reload or a restart goes on where it was left.
"""

from __future__ import annotations

import io
import logging
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from index.errors import IbidError, UsageError
from rag.commands.options import parse_years
from rag.pictures.of_review import pictured
from rag.question import LONGEST as TOPIC_LENGTH
from rag.review.collect import MOST, NotHeldError, Wanted
from rag.review.desk import Desk, Drafted, file_stem
from rag.review.draft import LENGTHS
from rag.review.instruction import LONGEST
from rag.review.kept import KeptReviews
from rag.review.work import Work
from ui import plots
from ui import review_view as view
from ui.answer_source import AnswerSource
from ui.escaping import escape, plain
from ui.events import listen
from ui.picks import numbers
from ui.review_layout import build
from ui.saved import export_folder, saved_html

logger = logging.getLogger(__name__)

OUTLINE_LENGTH = 200_000
FAILED = "That failed; the terminal Ibid runs in shows why. What was there before is as it was."
FORMS = {
    "Markdown": ".md",
    "BibTeX": ".bib",
    "Word": ".docx",
    "LaTeX": ".tex",
    "HTML": ".html",
    "Record": ".json",
    "Pictures, zipped": "-pictures.zip",
    "All, zipped": ".zip",
}
PICTURES = (".svg", ".png")  # fmt: skip
Update = dict[Any, Any]


class ReviewTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource, kept: KeptReviews | None) -> None:
        self._kept = kept
        self._desk = Desk(source, kept)
        self._stops: dict[str, threading.Event] = {}  # by session
        self.work = gr.State(None)
        self.at = build(kept is not None)
        self._connect()

    @property
    def outputs(self) -> list[Any]:
        """The components that `load` and every step fill."""
        return [self.work, *self.at.filled]

    def _connect(self) -> None:
        at = self.at
        wanted = [at.topic, at.years, at.include, at.exclude, at.most]
        self._works(at.topic.submit, self._on_collect, [*wanted, self.work])
        self._works(at.make_outline.click, self._on_outline, [self.work])
        drafting = [at.outline, at.length, self.work]
        self._works(at.draft_it.click, self._on_draft, drafting)
        self._works(at.go_on.click, self._on_go_on, drafting)
        self._works(at.instruction.submit, self._on_revise, [at.instruction, self.work])
        listen(at.stop.click, self._on_stop, None, None)
        listen(
            at.picks.change, self._on_picks, [at.picks, self.work], [self.work], says=True,
            trigger_mode="always_last",
        )  # fmt: skip
        listen(
            at.outline.change, self._on_edited, [at.outline, self.work], [self.work, at.checked],
            trigger_mode="always_last",
        )  # fmt: skip
        listen(at.undo.click, self._on_undo, self.work, self.outputs)
        listen(at.choice.input, self._on_open, at.choice, self.outputs)
        listen(at.fresh.click, self._on_fresh, None, self.outputs)
        listen(at.delete.click, self._on_delete, self.work, self.outputs)
        at.save.click(
            self._on_save, [at.form, self.work], [at.file, at.saved], concurrency_id="export",
            concurrency_limit=1, show_progress="minimal", show_progress_on=at.saved, api_visibility="private",
        )  # fmt: skip

    def _works(self, event: Callable[..., Any], handler: Callable[..., Any], inputs: list[Any]) -> None:
        """An event that searches or writes: one at a time on the whole page."""
        event(
            handler, inputs, self.outputs, concurrency_id="llm", concurrency_limit=1, show_progress="hidden",
            api_visibility="private",
        )  # fmt: skip

    def load(self) -> Update:
        """The review that was worked on last."""
        try:
            return self._shown(self._kept.latest() if self._kept else None)
        except IbidError as error:
            return {self.at.said: view.notice_html(str(error))}

    def _on_collect(
        self, topic: str, years: str, include: str, exclude: str, most: float, work: Work | None
    ) -> Iterator[Update]:
        """Collect papers on the topic; a topic that is not held is told, and nothing is made of it."""
        topic = (topic or "").strip()[:TOPIC_LENGTH]
        if not topic:
            gr.Info("Name a topic first.")
            yield {self.at.said: gr.update()}
            return
        yield {self.at.said: view.stage_html("Collecting papers"), self.at.topic: gr.update(submit_btn=False)}
        try:
            wanted = wanted_of(topic, years, include, exclude, most)
            before = work if work is not None and not work.record else None
            fresh = replace(before, wanted=wanted, outline="") if before else Work(wanted)
            yield self._shown(self._desk.collect(fresh))
        except NotHeldError as error:
            yield self._told(view.not_held_html(topic, error.near))
        except IbidError as error:
            yield self._told(view.notice_html(str(error).removeprefix("--year ")))
        except Exception:
            logger.exception("collecting papers failed")
            yield self._told(view.notice_html(FAILED))

    def _told(self, html: str) -> Update:
        """A word on what could not be done, with everything ready to be tried again."""
        at = self.at
        return {
            at.said: html, at.topic: gr.update(submit_btn="Collect"), at.progress: "",
            at.make_outline: gr.update(interactive=True), at.stop: gr.update(visible=False),
            at.draft_it: gr.update(interactive=True), at.go_on: gr.update(interactive=True),
            at.instruction: gr.update(submit_btn="Change"), at.outline: gr.update(interactive=True),
        }  # fmt: skip

    def _on_picks(self, picks: str, work: Work | None) -> Any:
        """The papers that are ticked now."""
        if work is None or work.coverage is None:
            return gr.skip()
        considered = work.coverage.considered
        ticked = tuple(considered[n].paper_id for n in sorted(numbers(picks)) if n < len(considered))
        if set(ticked) == set(work.ticked):
            return gr.skip()
        try:
            return self._desk.keep(replace(work, ticked=ticked))
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
            return gr.skip()

    def _on_outline(self, work: Work | None) -> Iterator[Update]:
        yield {
            self.at.said: view.stage_html("Sorting the papers into themes"),
            self.at.make_outline: gr.update(interactive=False),
        }
        yield self._tried("making an outline", lambda: self._shown(self._desk.outline(_there(work))))

    def _tried(self, what: str, step: Callable[[], Update]) -> Update:
        """What a step shows, or why it could not be done."""
        try:
            return step()
        except IbidError as error:
            return self._told(view.notice_html(str(error)))
        except Exception:
            logger.exception("%s failed", what)
            return self._told(view.notice_html(FAILED))

    def _on_edited(self, text: str, work: Work | None) -> tuple[Any, str]:
        """Keep the outline as it is typed, and say how it reads."""
        if work is None:
            return gr.skip(), ""
        text = (text or "")[:OUTLINE_LENGTH]
        try:
            if text != work.outline:
                work = self._desk.keep(replace(work, outline=text))
        except IbidError as error:
            return work, view.notice_html(str(error))
        return work, self._reads(text)

    def _reads(self, outline: str) -> str:
        """How an outline reads, or the line that does not."""
        try:
            return view.outline_html(self._desk.read(outline)) if outline else ""
        except IbidError as error:
            return view.notice_html(str(error))

    def _on_draft(
        self, request: gr.Request, outline: str, length: str, work: Work | None
    ) -> Iterator[Update]:
        """Write the review anew."""
        yield from self._drafted(request, outline, length, work, go_on=False)

    def _on_go_on(
        self, request: gr.Request, outline: str, length: str, work: Work | None
    ) -> Iterator[Update]:
        """Write the sections that are lacking."""
        yield from self._drafted(request, outline, length, work, go_on=True)

    def _drafted(
        self, request: gr.Request, outline: str, length: str, work: Work | None, *, go_on: bool
    ) -> Iterator[Update]:
        session = request.session_hash or ""
        stop = self._stops[session] = threading.Event()
        last: Drafted | None = None
        try:
            work = replace(_there(work), outline=(outline or "")[:OUTLINE_LENGTH])
            work = self._desk.keep(replace(work, length=length if length in LENGTHS else "medium"))
            for last in self._desk.draft(work, stop, go_on=go_on):
                yield self._running(last)
            if last is not None:
                ended = last.review is not None and last.work.whole
                yield self._shown(last.work, stopped=None if ended else last)
        except IbidError as error:
            yield self._told(view.notice_html(str(error)))
        except Exception:
            logger.exception("drafting a review failed")
            yield self._told(view.notice_html(FAILED))
        finally:
            stop.set()  # a page that was closed must not keep the model at work
            self._stops.pop(session, None)

    def _running(self, drafted: Drafted) -> Update:
        at = self.at
        shown: Update = {
            self.work: drafted.work, at.said: "", at.progress: view.progress_html(drafted.progress),
            at.outline_step: gr.update(open=False), at.papers_step: gr.update(open=False),
            at.draft_step: gr.update(visible=True), at.changing: gr.update(visible=False),
            at.outline: gr.update(interactive=False), at.stop: gr.update(visible=True),
            at.draft_it: gr.update(interactive=False), at.go_on: gr.update(interactive=False),
        }  # fmt: skip
        if drafted.review is not None:
            draft = view.DraftView(drafted.review)
            shown |= {at.draft: draft.html, at.passages: draft.passages}
        elif not drafted.progress.sections:
            shown |= {at.draft: "", at.passages: view.NO_PASSAGES}
        return shown

    def _on_stop(self, request: gr.Request) -> None:
        """End the drafting of this page: the model at once, and with it the section at hand."""
        if stop := self._stops.get(request.session_hash or ""):
            stop.set()

    def _on_revise(self, instruction: str, work: Work | None) -> Iterator[Update]:
        yield {
            self.at.revised: view.stage_html("Changing and checking the draft"),
            self.at.instruction: gr.update(submit_btn=False),
        }
        try:
            changed, revision = self._desk.revise(_there(work), (instruction or "").strip()[:LONGEST])
        except IbidError as error:
            yield {**self._told(""), self.at.revised: view.notice_html(str(error))}
        except Exception:
            logger.exception("changing a review failed")
            yield {**self._told(""), self.at.revised: view.notice_html(FAILED)}
        else:
            said = view.revised_html(revision.done, revision.doubtful)
            yield {**self._shown(changed), self.at.revised: said, self.at.instruction: _box("")}

    def _on_undo(self, work: Work | None) -> Update:
        return self._tried("undoing a change", lambda: self._shown(self._desk.undo(_there(work))))

    def _on_open(self, choice: str | None) -> Update:
        return self._shown(self._kept.get(choice) if self._kept else None)

    def _on_fresh(self) -> Update:
        return self._shown(None)

    def _on_delete(self, work: Work | None) -> Update:
        if work is not None and self._kept is not None:
            self._kept.delete(work.id)
        return self._shown(None)

    def _on_save(self, form: str, work: Work | None) -> tuple[Any, str]:
        """A file to download, and a line that says so, by which the page's script knows it is there."""
        try:
            files = self._desk.files(_there(work))
            ending = FORMS.get(form, ".md")
            name = file_stem(_there(work).wanted.topic) + ending
            path = export_folder() / name
            if ending == "-pictures.zip":
                files = {name: data for name, data in files.items() if name.endswith(PICTURES)}
            path.write_bytes(_zipped(files) if ending.endswith(".zip") else files[name])
        except IbidError as error:
            return gr.update(), view.notice_html(str(error))
        except Exception:
            logger.exception("writing a review's file failed")
            return gr.update(), view.notice_html(FAILED)
        return gr.update(value=str(path)), saved_html(path, "Saved")

    def _shown(self, work: Work | None, *, stopped: Drafted | None = None) -> Update:
        """Everything as it stands with this review, nothing running."""
        at = self.at
        loaded = self._desk.loaded(work) if work else None
        draft = view.DraftView(loaded.review) if loaded else None
        gone = (
            f"No longer in the library and taken out: {', '.join(loaded.gone)}"
            if loaded and loaded.gone
            else ""
        )
        said = view.notice_html(gone) if gone else "" if work else view.WELCOME
        has_outline, has_papers = bool(work and work.outline), bool(work and work.coverage)
        partial = bool(work and work.record and not work.whole)
        progress = view.progress_html(stopped.progress, stopped=True) if stopped else ""
        if partial and not stopped:
            progress = view.notice_html("This draft is not whole: some sections are not written yet.")
        return {
            **self._told(said), **self._listed(work), **self._pictures(draft),
            self.work: work, at.topic: _box(work.wanted.topic if work else "", submit_btn="Collect"),
            at.collected: view.collected_html(work, self._desk.papers(work)) if work else "",
            at.papers_step: gr.update(visible=has_papers, open=has_papers and not has_outline),
            at.outline: _box(work.outline if work else "", interactive=True),
            at.checked: self._reads(work.outline if work else ""),
            at.outline_step: gr.update(visible=has_outline, open=has_outline and draft is None),
            at.length: work.length if work else "medium", at.progress: progress,
            at.draft_step: gr.update(visible=draft is not None or stopped is not None),
            at.draft: draft.html if draft else "", at.passages: draft.passages if draft else view.NO_PASSAGES,
            at.changing: gr.update(visible=draft is not None),
            at.go_on: gr.update(visible=partial, interactive=True),
            at.undo: gr.update(visible=bool(work and work.before)), at.revised: "", at.saved: "",
        }  # fmt: skip

    def _pictures(self, draft: view.DraftView | None) -> Update:
        """The pictures of a draft; one that nothing is known for is left out."""
        at = self.at
        figures = dict.fromkeys((at.map, at.timeline, at.coverage))
        if draft is not None:
            shown = pictured(draft.review)
            figures[at.map] = plots.topic_map(shown, draft.opens)
            figures |= {at.timeline: plots.timeline(shown), at.coverage: plots.coverage(shown)}
        return {
            at.pictures: gr.update(visible=any(figures.values())),
            **{plot: gr.update(value=f, visible=f is not None) for plot, f in figures.items()},
        }

    def _listed(self, work: Work | None) -> Update:
        """The list of reviews with the one that is open chosen."""
        entries = self._kept.entries() if self._kept else []
        choices = [(plain(e.title, 90), e.id) for e in entries]
        chosen = work.id if work and work.id in {e.id for e in entries} else None
        return {
            self.at.choice: gr.update(choices=choices, value=chosen, visible=bool(choices)),
            self.at.fresh: gr.update(visible=work is not None),
            self.at.delete: gr.update(visible=chosen is not None),
        }


def _there(work: Work | None) -> Work:
    """:raises UsageError: no review is open."""
    if work is None:
        raise UsageError("name a topic first")
    return work


def _box(value: str, **more: Any) -> Any:
    return gr.update(value=value, **more)


def wanted_of(topic: str, years: Any, include: Any, exclude: Any, most: Any) -> Wanted:
    """What a client sent, checked. :raises UsageError: the years are no span of years."""
    low, high = parse_years(str(years or "").strip().replace("–", "-"))
    count = int(most) if isinstance(most, int | float) and 1 <= most <= 200 else MOST
    return Wanted(topic, _words(include), _words(exclude), low, high, most=count)


def _words(text: Any) -> tuple[str, ...]:
    """Words or phrases with commas between them."""
    return tuple(word.strip() for word in str(text or "")[:1000].split(",") if word.strip())


def _zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()
