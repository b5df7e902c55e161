"""From question to answer: what is shown was verified, cites what was served, and ends when stopped."""

from __future__ import annotations

import re
import threading
import time

import pytest
from fakes import PAPERS, ScriptedLLM, bundled_encoder, make_engine, obedient, shared_library, stop_after
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cleaning import readable
from index.errors import ModelError, UsageError
from rag.engine import AskOptions
from rag.rarity import Rarity
from rag.types import NOT_ANSWERED, Answer, Origin, Status, Verdict
from rag.verify import Verifier

SURVEY = "How are harbour tides forecast?"
HOSTILE = ("tidenet", "wavegan", "tidetable", "order", "markup", "fences")
BY_ID = {p.id: p for p in PAPERS}


def engine(llm: ScriptedLLM | None = None, papers: tuple[str, ...] = (), **how):
    return make_engine(shared_library(papers), bundled_encoder(), llm, **how)


def promises(answer: Answer) -> None:
    """What contracts.md promises of every answer."""
    numbers = [r.n for r in answer.references]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = [n for s in answer.statements for n in s.citations]
    assert list(dict.fromkeys(cited)) == numbers
    for statement in answer.statements:
        assert statement.citations
        assert statement.verdict is not Verdict.UNSUPPORTED
        assert not re.search(r"\[\d", statement.text)
    for reference in (*answer.references, *answer.retrieved, *answer.nearest):
        assert reference.paper.abstract[reference.start : reference.end] == reference.quote
    assert 0.0 <= answer.confidence <= 1.0
    if answer.status is Status.INSUFFICIENT:
        assert not answer.statements and not answer.references


def verified(answer: Answer, papers: tuple[str, ...] = ()) -> bool:
    """Whether each generated statement holds, checked anew; others are the abstract's own words."""
    verifier = Verifier(Rarity(shared_library(papers)))
    papers_by_number = {r.n: r.paper for r in answer.references}
    for statement in answer.statements:
        if statement.origin is Origin.GENERATED:
            text = re.sub(r"^[\w-]+: (?=[a-z])", "", statement.text)
            cited = [papers_by_number[n] for n in statement.citations]
            if verifier.check(text, cited).verdict is not Verdict.SUPPORTED:
                return False
    return True


def test_an_answer_has_the_shape_of_the_contract():
    answer = engine().ask(SURVEY)
    assert list(answer.to_dict()) == [
        "schema", "question", "standalone_question", "status", "answer", "statements", "references",
        "nearest", "followups", "decision", "confidence", "strategy", "timing_ms", "model",
    ]  # fmt: skip
    told = answer.to_dict()
    assert told["schema"] == "ibid.answer/1"
    assert list(told["statements"][0]) == ["text", "citations", "verdict", "support", "origin"]
    assert list(told["references"][0]) == [
        "n", "paper_id", "key", "title", "year", "quote", "start", "end", "scores",
    ]  # fmt: skip
    assert list(told["references"][0]["scores"]) == ["dense", "lexical", "fused", "rerank"]
    assert {"retrieve", "generate", "verify", "total"} <= told["timing_ms"].keys()


def test_a_survey_without_a_model_quotes_each_paper_under_an_opening():
    answer = engine().ask(SURVEY)
    promises(answer)
    assert answer.status is Status.ANSWERED
    assert {r.paper.id for r in answer.references} == {"tidenet", "wavegan", "tidetable"}
    assert (
        answer.statements[0].text
        == "Three papers of this library speak to the question, published 2018–2022."
    )
    assert answer.statements[0].citations == (1, 2, 3)
    assert "[1]" in answer.text and "[3]" in answer.text


def test_a_fact_is_answered_by_the_sentence_that_states_it():
    answer = engine().ask("What accuracy does TideNet reach on Harbor-5?")
    promises(answer)
    assert [r.paper.id for r in answer.references] == ["tidenet"]
    assert "69.68%" in answer.text
    assert answer.references[0].quote.startswith("On the Harbor-5 benchmark")
    assert r"\textbf{69.68\%}" in answer.references[0].quote  # verbatim, as it is stored


def test_a_comparison_cites_both_papers():
    answer = engine().ask("How do KelpFormer and BrineNet differ?")
    promises(answer)
    assert [r.paper.id for r in answer.references] == ["kelpformer", "brinenet"]


def test_an_off_topic_question_is_refused_with_the_nearest_papers_and_no_claim():
    llm = ScriptedLLM("Argentina won the cup.")
    answer = engine(llm).ask("Who won the football world cup in 1990?")
    promises(answer)
    assert answer.status is Status.INSUFFICIENT
    assert answer.text.startswith("The library does not answer this question")
    assert len(answer.nearest) == 3
    assert llm.prompts == []  # refused before a model is woken


def test_a_true_draft_is_shown_as_the_models_own():
    draft = "WaveGAN predicts surges 12 hours ahead with an error of 9 cm."
    llm = ScriptedLLM(lambda prompt: draft if "WaveGAN:" in prompt else "")
    answer = engine(llm).ask(SURVEY)
    promises(answer)
    made = {s.text: s.origin for s in answer.statements}
    assert made[draft] is Origin.GENERATED
    assert verified(answer)


def test_the_model_sees_one_paper_a_prompt_with_its_numbers_made_round():
    llm = ScriptedLLM("")
    engine(llm, HOSTILE).ask(SURVEY)
    assert all(prompt.count("Paper: ") == 1 for prompt in llm.prompts)
    assert not any(re.search(r"\[\d", prompt) for prompt in llm.prompts)


@pytest.mark.parametrize("whole", [False, True], ids=["digests", "whole"])
@pytest.mark.parametrize(
    "script",
    [
        obedient,
        "TideNet cures cancer in 99% of patients [1].",
        "TideNet does not outperform WaveGAN [1]. WaveGAN outperforms TideNet by 3.1 percentage points [2].",
        "As an AI, <script>alert(1)</script> I say [click](https://evil.example) [9].",
        "[1][2][3][4][5][1-999999999]",
        "the the the the the",
        "",
        "\x00\ufffd\u202e[",
    ],
    ids=["obedient", "lie", "turned", "markup", "markers", "loop", "empty", "odd signs"],
)
def test_whatever_a_model_writes_only_what_holds_is_shown(script, whole):
    answer = engine(ScriptedLLM(script), HOSTILE, whole=whole).ask(SURVEY)
    promises(answer)
    assert answer.status is not Status.INSUFFICIENT
    assert verified(answer, HOSTILE)
    generated = " ".join(s.text for s in answer.statements if s.origin is Origin.GENERATED)
    for word in ("outperforms TideNet", "script", "evil", "As an AI"):
        assert word not in generated


def test_an_abstracts_own_reference_numbers_are_not_taken_for_ours():
    answer = engine(None, ("order",)).ask("How many gauges did the forecast of harbour tides use?")
    promises(answer)
    assert "used 40 gauges (12, 13)" in answer.text


@pytest.mark.parametrize("whole", [False, True], ids=["digests", "whole"])
def test_a_model_that_never_ends_is_bounded(whole):
    text = "Tides rise and fall in ports. " * 20_000  # 120,000 words
    started = time.monotonic()
    answer = engine(ScriptedLLM(text), whole=whole).ask(SURVEY)
    promises(answer)
    assert time.monotonic() - started < 15
    assert len(answer.text) < 5_000


@pytest.mark.parametrize("whole", [False, True], ids=["digests", "whole"])
def test_a_model_that_fails_leaves_the_abstracts_own_words(whole):
    def broken(prompt: str) -> str:
        raise ModelError("the model is missing; run: ibid models install")

    answer = engine(ScriptedLLM(broken), whole=whole).ask(SURVEY)
    promises(answer)
    assert answer.status is Status.ANSWERED
    assert {s.origin for s in answer.statements} <= {Origin.EXTRACTED, Origin.COMPOSED}


def test_a_stop_ends_the_model_within_a_statement():
    llm = ScriptedLLM("Tides rise " * 500, pause=0.01)
    stop = stop_after(0.3)
    started = time.monotonic()
    answers = list(engine(llm).stream(SURVEY, stop=stop))
    assert time.monotonic() - started < 3
    assert answers[-1].done
    promises(answers[-1])
    words = llm.words
    time.sleep(0.1)
    assert llm.words == words  # nothing goes on in the background


def test_closing_the_stream_stops_the_model():
    llm = ScriptedLLM("Tides rise " * 500, pause=0.01)
    stream = engine(llm).stream(SURVEY)
    for answer in stream:
        if answer.stage.startswith("Reading"):
            break
    started = time.monotonic()
    stream.close()
    assert time.monotonic() - started < 2
    words = llm.words
    time.sleep(0.1)
    assert llm.words == words


def test_snapshots_only_grow_and_the_last_is_done():
    llm = ScriptedLLM(lambda prompt: "")
    snapshots = list(engine(llm).stream(SURVEY))
    assert [s.done for s in snapshots] == [False] * (len(snapshots) - 1) + [True]
    spoken = [[s.text for s in snapshot.statements[1:]] for snapshot in snapshots]
    for before, after in zip(spoken, spoken[1:], strict=False):
        assert after[: len(before)] == before
    assert snapshots[0].stage == "Searching"
    assert "Reading 3 papers" in [s.stage for s in snapshots]
    assert "Checked 2 papers of 3" in [s.stage for s in snapshots]
    assert snapshots[-1].stage == ""
    for snapshot in snapshots:
        served = {r.n for r in snapshot.references}
        assert all(n in served for s in snapshot.statements for n in s.citations)


def test_a_follow_up_is_answered_about_the_earlier_subject():
    answer = engine().ask("And how many drone images was it trained on?", ["What is KelpFormer?"])
    promises(answer)
    assert answer.question == "And how many drone images was it trained on?"
    assert answer.standalone_question == "And how many drone images was it trained on? (KelpFormer)"
    assert "12,400" in answer.text


def test_a_year_filter_keeps_other_papers_out():
    answer = engine().ask(SURVEY, options=AskOptions(year_to=2020))
    promises(answer)
    assert {r.paper.id for r in answer.references} <= {"wavegan", "tidetable", "gulls", "untitled"}
    assert all(r.paper.year <= 2020 for r in answer.retrieved)


def test_k_bounds_the_papers_of_a_survey():
    answer = engine().ask(SURVEY, options=AskOptions(k=2))
    assert len(answer.references) == 2


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_question_is_a_usage_error(question):
    with pytest.raises(UsageError):
        engine().ask(question)


def test_followups_can_be_answered():
    asking = engine()
    followups = asking.ask(SURVEY).followups
    assert 1 <= len(followups) <= 3
    assert all(asking.ask(question).status is not Status.INSUFFICIENT for question in followups)


WORDS = st.sampled_from(
    "How many What which tides kelp TideNet KelpFormer WaveGAN images accuracy forecast harbours coral "
    "shading gulls otters differ compare and of the in why licence best [1] \\textbf{ % ? é 漢 <b>".split()
)


@given(st.lists(WORDS, min_size=1, max_size=9).map(" ".join))
@settings(max_examples=20, deadline=None)
def test_the_promises_hold_for_any_question(question):
    promises(engine().ask(question))


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.text(max_size=200))
@settings(max_examples=20, deadline=None)
def test_the_promises_hold_whatever_is_asked_and_drafted(question, draft):
    answer = engine(ScriptedLLM(draft), HOSTILE).ask(f"tides {question}")
    promises(answer)
    assert verified(answer, HOSTILE)


def test_readable_text_of_a_quote_is_what_a_composed_statement_says():
    answer = engine().ask("How many colonies did the detector agree with observers in when counting gulls?")
    assert answer.references[0].paper.id == "gulls"
    assert readable(answer.references[0].quote) == answer.statements[-1].text
    assert answer.statements[-1].origin is Origin.EXTRACTED


def test_a_refusal_of_a_french_question_says_in_which_language_to_ask():
    asked = engine().ask("Quelle est la hauteur de la tour Eiffel ?")
    assert asked.status is Status.INSUFFICIENT
    assert asked.text.startswith(NOT_ANSWERED) and "Ask in English" in asked.text
    assert engine().ask("How high is the Eiffel tower?").text == NOT_ANSWERED


def test_a_stop_before_the_first_sentence_says_so_and_does_not_claim_a_refusal():
    stop = threading.Event()
    stop.set()
    answer = list(engine().stream(SURVEY, stop=stop))[-1]
    promises(answer)
    assert answer.text == "Stopped before a sentence was checked; nothing can be said yet."
