"""Asking on the real page: streaming, citations, stop, the three outcomes, keys, small screens."""

import pytest
from conftest import wait_for
from playwright.sync_api import expect


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_an_answer_streams_and_a_click_on_a_citation_marks_its_sentence(visit, site):
    visit.ask("How are state-space models used?", wait=False)
    expect(visit.current.locator(".turn.running .statement").first).to_be_visible()
    expect(visit.current.locator(".statement")).to_have_count(4)
    expect(visit.current.locator(".badge")).to_have_text("Answered")
    expect(visit.current.locator(".facts")).to_contain_text("3 papers cited")
    expect(visit.current.locator(".facts")).to_contain_text("high confidence (0.")
    visit.current.locator("a.cite", has_text="[2]").first.click()
    card = visit.page.locator("#src-1-2")
    expect(card).to_have_class("card hit")
    assert focused(visit.page) == "src-1-2"
    expect(card.locator("mark")).to_have_text(
        "In two cohorts it improves grading of lung tumours by 4.1 points in AUC over tiled attention."
    )
    expect(card.locator("mark")).to_be_in_viewport()
    assert visit.foreign == [] and visit.errors == []


def test_enter_on_a_citation_focuses_its_source(visit):
    visit.ask("How are state-space models used?")
    link = visit.current.locator("a.cite", has_text="[3]").first
    link.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#src-1-3")).to_have_class("card hit")
    assert focused(visit.page) == "src-1-3"


def test_a_citation_of_an_earlier_answer_unfolds_its_sources(visit, site):
    visit.ask("How are state-space models used?")
    visit.ask("And what of low-dose CT?")
    assert site.library.asked[-1][1] == ("How are state-space models used?",)
    visit.page.locator("#past a.cite", has_text="[1]").first.click()
    expect(visit.page.locator("#earlier #src-1-1")).to_be_visible()
    assert focused(visit.page) == "src-1-1"


@pytest.mark.parametrize("by", ["button", "escape"])
def test_stop_ends_the_model_and_keeps_what_stands(visit, site, by):
    question = f"A slow question, stopped by {by}"
    visit.ask(question, wait=False)
    expect(visit.current.locator(".statement").nth(2)).to_be_visible()
    if by == "button":
        visit.page.get_by_role("button", name="Stop", exact=True).click()
    else:
        visit.page.keyboard.press("Escape")
    assert wait_for(lambda: question in site.library.stopped, 10)
    expect(visit.current.locator(".badge")).to_have_text("Stopped")
    expect(visit.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    shown = visit.current.locator(".statement").count()
    assert 3 <= shown < 400
    visit.ask("How are state-space models used?")
    expect(visit.current.locator(".badge")).to_have_text("Answered")


def test_closing_the_page_ends_the_model(open_page, site):
    visit = open_page()
    question = "A slow question whose page is closed"
    visit.ask(question, wait=False)
    expect(visit.current.locator(".statement").first).to_be_visible()
    visit.page.close()
    assert wait_for(lambda: question in site.library.stopped, 5)


def test_the_three_outcomes_differ_in_word_and_colour(visit):
    seen = {}
    for question in ("How are they used?", "What do they cost?", "Is the moon in it?"):
        visit.ask(question)
        badge = visit.current.locator(".badge")
        seen[badge.text_content()] = badge.evaluate("e => getComputedStyle(e).backgroundColor")
    assert list(seen) == ["Answered", "Partly answered", "Not in this library"]
    assert len(set(seen.values())) == 3
    expect(visit.current.locator(".statement")).to_have_count(0)
    visit.current.locator("a.near").first.click()
    expect(visit.page.locator("#src-3-1")).to_have_class("card hit")


def test_a_failure_is_told_in_the_words_of_the_error(visit):
    visit.ask("A broken question")
    expect(visit.current.locator(".notice")).to_have_text(
        "The model file <b>is altered</b>: run ibid doctor."
    )


def test_examples_and_follow_ups_ask_and_retry_asks_again(visit, site):
    visit.page.get_by_role("button", name="What does low-dose CT denoising gain?").click()
    expect(visit.current.locator(".badge")).to_have_text("Answered")
    visit.page.get_by_role("button", name="Where does the scan fail?").click()
    expect(visit.current.locator("h2")).to_have_text("Where does the scan fail?")
    expect(visit.current.locator(".badge")).to_have_text("Answered")
    visit.page.get_by_role("button", name="Try again").click()
    assert wait_for(lambda: [a[0] for a in site.library.asked[-2:]] == ["Where does the scan fail?"] * 2)
    expect(visit.current.locator(".badge")).to_have_text("Answered")
    expect(visit.page.locator("#past .turn")).to_have_count(1)


def test_pressing_twice_asks_once(visit, site):
    visit.question.fill("How often is this asked?")
    visit.page.get_by_role("button", name="Ask", exact=True).dblclick()
    expect(visit.current.locator(".badge")).to_have_text("Answered")
    visit.page.wait_for_timeout(500)
    assert [a[0] for a in site.library.asked].count("How often is this asked?") == 1


def test_a_question_right_after_an_answer_is_not_lost(visit, site):
    questions = [f"Is moon {i} in it?" for i in range(4)]
    for question in questions:
        visit.ask(question)
    assert [a[0] for a in site.library.asked[-4:]] == questions


def test_settings_reach_the_library(visit, site):
    visit.page.get_by_role("button", name="Search settings").click()
    visit.page.get_by_label("From year").fill("2021")
    visit.page.get_by_label("Words only (lexical)").check()
    visit.ask("How are they used since 2021?")
    options = site.library.asked[-1][2]
    assert (options.k, options.mode, options.year_from, options.year_to) == (8, "lexical", 2021, None)


def test_all_retrieved_shows_uncited_papers_too(visit):
    visit.ask("How are state-space models used?")
    expect(visit.page.locator("#cards .card")).to_have_count(3)
    visit.page.get_by_label("All retrieved").check()
    expect(visit.page.locator("#cards .card")).to_have_count(5)
    scores = visit.page.locator("#src-1-1 details.scores")
    expect(scores.locator("summary")).to_have_text("Relevance (fused) 0.94")
    scores.locator("summary").click()
    expect(scores.locator("dl")).to_contain_text("Meaning (dense)0.67Words (lexical)7.52")


def test_keys_reach_the_question_and_walk_the_sources(visit):
    visit.ask("How are state-space models used?")
    visit.page.locator("#sources-head").click()
    visit.page.evaluate("document.activeElement.blur()")
    for key, card in (("j", "src-1-1"), ("j", "src-1-2"), ("k", "src-1-1")):
        visit.page.keyboard.press(key)
        assert focused(visit.page) == card
    visit.page.keyboard.press("/")
    expect(visit.question).to_be_focused()
    visit.page.keyboard.type("j/k")
    expect(visit.question).to_have_value("j/k")


def test_the_answer_is_copied_with_its_references(open_page):
    visit = open_page(permissions=["clipboard-read", "clipboard-write"])
    visit.ask("How are state-space models used?")
    visit.page.get_by_role("button", name="Copy with references").click()
    expect(visit.page.locator("#copy-answer")).to_have_text("Copied")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("**What they are used for**\n\nState-space models stand in for attention")
    assert "[2] State-space encoders read whole slides without tiling (2023, Proceedings of" in copied
    assert "https://doi.org/10.5555/jii.2024.0412" in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(open_page, scheme):
    visit = open_page(viewport={"width": 375, "height": 812}, color_scheme=scheme)
    visit.ask("How are state-space models used?")
    for tab in ("Library", "History", "Help", "Ask"):
        visit.tab(tab)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
    below = visit.page.evaluate(
        "document.querySelector('#sources').getBoundingClientRect().top"
        " - document.querySelector('#conversation').getBoundingClientRect().bottom"
    )
    assert below >= 0
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(250, 248, 243)", "dark": "rgb(20, 24, 27)"}[scheme]


def test_light_and_dark_can_be_chosen_and_stay_chosen(visit, site):
    visit.page.get_by_role("link", name="Light or dark").click()
    assert "dark" in visit.page.evaluate("document.body.className")
    visit.open(site.address)
    assert wait_for(lambda: "dark" in visit.page.evaluate("document.body.className"), 3)


def test_the_page_has_one_main_heading_and_every_control_a_name(visit):
    visit.ask("How are state-space models used?")
    assert visit.page.locator("h1").all_text_contents() == ["Ibid"]
    nameless = visit.page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea')].filter(e =>
          e.offsetParent && !(e.textContent.trim() || e.getAttribute('aria-label') || e.title ||
          e.labels?.length || e.closest('label'))).map(e => e.outerHTML)"""
    )
    assert nameless == []
