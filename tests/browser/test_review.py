"""The Review tab in a browser: from a topic to files, what lasts, hostile papers, a narrow screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from test_hostile import assert_unharmed

TOPIC = "forecasting harbour tides"


@pytest.fixture
def desk(visit, site):
    """The tab with nothing kept."""
    return opened(visit, site)


def opened(visit, site):
    for entry in site.kept.entries():
        site.kept.delete(entry.id)
    visit.open(site.address)
    visit.tab("Review")
    visit.page.wait_for_timeout(500)  # what is kept is loaded then
    return visit.page


def box(page):
    return page.get_by_role("textbox", name="Topic")


def collect(page, topic=TOPIC):
    box(page).fill(topic)
    page.get_by_role("button", name="Collect").click()
    expect(page.locator("#collected .candidates").first).to_be_visible(timeout=45_000)


def outline(page):
    page.get_by_role("button", name="Make the outline").click()
    text = page.locator("#review-outline textarea")
    expect(text).to_have_value(re.compile("## "))
    page.wait_for_timeout(300)  # the step's last word
    return text


def draft(page):
    page.get_by_role("button", name="Draft the review").click()
    expect(page.locator("#review-changing")).to_be_visible()
    expect(page.locator("#review-draft .reference-list")).to_be_visible()


def test_from_a_topic_to_a_file_that_lasts(desk, visit, site):
    collect(desk)
    ticked = desk.locator("#collected input.pick:checked")
    expect(desk.locator("#review-ticked")).to_have_text(f"{ticked.count()} papers ticked")
    assert ticked.count() > 2
    dropped = desk.locator("#collected li.is-ticked label").last.text_content()
    ticked.last.uncheck()
    expect(desk.locator("#review-ticked")).to_have_text(f"{ticked.count()} papers ticked")
    text = outline(desk)
    edited = text.input_value()
    assert dropped not in edited
    heading = next(line for line in edited.splitlines() if line.startswith("## "))
    text.fill(edited.replace(heading, "## Water levels"))
    expect(desk.locator("#review-checked")).to_contain_text("Reads as")
    draft(desk)
    expect(desk.locator("#review-draft h3").first).to_have_text("1 Water levels")
    desk.locator("#review-draft a.cite").first.click()
    expect(desk.locator("#review-passages .card.hit mark")).to_be_visible()

    instruction = desk.get_by_role("textbox", name="Instruction")
    instruction.fill("rename section 1 to Tides at work")
    desk.get_by_role("button", name="Change", exact=True).click()
    expect(desk.locator("#review-draft h3").first).to_have_text("1 Tides at work")
    expect(desk.locator("#review-revised")).to_contain_text("renamed: Water levels → Tides at work")

    for form, ending in (("Markdown", ".md"), ("Word", ".docx")):
        desk.get_by_label(form, exact=True).check()
        with desk.expect_download() as download:
            desk.locator("#review-save").click()
        assert download.value.suggested_filename == f"review-forecasting-harbour-tides{ending}"
        if ending == ".md":
            assert "## Tides at work" in Path(download.value.path()).read_text(encoding="utf-8")

    desk.reload()
    visit.tab("Review")
    expect(desk.locator("#review-draft h3").first).to_have_text("1 Tides at work")
    site.restart()
    visit.open(site.address)
    visit.tab("Review")
    expect(desk.locator("#review-draft h3").first).to_have_text("1 Tides at work")
    expect(box(desk)).to_have_value(TOPIC)
    desk.get_by_role("button", name="Undo the last change").click()
    expect(desk.locator("#review-draft h3").first).to_have_text("1 Water levels")
    assert visit.errors == []
    assert [url for url in visit.foreign if not url.startswith("http://127.0.0.1:")] == []


def test_ticks_and_the_outline_last_before_a_draft(desk, visit):
    collect(desk)
    ticked = desk.locator("#collected input.pick:checked")
    ticked.first.uncheck()
    count = ticked.count()
    expect(desk.locator("#review-ticked")).to_contain_text(f"{count} paper")
    desk.wait_for_timeout(300)
    desk.reload()
    visit.tab("Review")
    expect(desk.locator("#review-ticked")).to_contain_text(f"{count} paper")
    text = outline(desk)
    text.fill(text.input_value() + "\n- [@nobody] x\n")
    expect(desk.locator("#review-checked")).to_contain_text("no paper of the library has the key or id")
    desk.wait_for_timeout(300)
    desk.reload()
    visit.tab("Review")
    expect(desk.locator("#review-outline textarea")).to_have_value(re.compile("@nobody"))


def test_a_topic_that_is_not_held_writes_nothing(desk, site):
    box(desk).fill("kinase inhibitors against melanoma")
    desk.get_by_role("button", name="Collect").click()
    expect(desk.locator("#review-said .badge")).to_have_text("Not in this library")
    expect(desk.locator("#review-said .nearest li").first).to_be_visible()
    expect(desk.locator("#review-draft-step")).not_to_be_visible()
    assert site.kept.entries() == []


def test_hostile_papers_are_shown_as_text(desk, visit):
    collect(desk, "harbour tides in the north <img src=x onerror=window.__ran=1>")
    left_out = desk.locator("#collected > * .touching > summary")
    if left_out.count():
        left_out.click()
    expect(desk.locator("#collected")).to_contain_text("<script>alert(1)</script> Harbour tides in the north")
    hostile = desk.locator("#collected li", has_text="<script>").locator("input.pick")
    hostile.check()
    outline(desk)
    draft(desk)
    expect(desk.locator("#review-draft .reference-list")).to_contain_text("<script>alert(1)</script>")
    assert_unharmed(visit)


def test_it_fits_a_phone_and_the_keyboard_is_enough(open_page, site):
    visit = open_page(viewport={"width": 375, "height": 800}, color_scheme="dark")
    page = opened(visit, site)

    def fits():
        assert page.evaluate("document.documentElement.scrollWidth") <= 375

    page.locator("#review-main h2").click()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type(TOPIC)
    page.keyboard.press("Enter")
    first = page.locator("#collected input.pick").first
    expect(first).to_be_checked()
    fits()
    first.focus()
    page.keyboard.press("Space")
    expect(first).not_to_be_checked()
    page.locator("#make-outline").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#review-outline textarea")).to_have_value(re.compile("## "))
    fits()
    page.locator("#draft-review").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#review-draft .reference-list")).to_be_visible()
    page.locator("#review-draft summary").click()
    fits()
    page.locator("#review-draft a.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#review-passages .card.hit")).to_be_focused()
    fits()


def spot(page, plot, number=0):
    """The middle of a mark of a map, once plotly has drawn it."""
    mark = page.locator(f"{plot} .js-plotly-plot .points path").nth(number)
    mark.wait_for()
    page.wait_for_timeout(500)  # the plot settles in its width
    mark.scroll_into_view_if_needed()
    at = mark.bounding_box()
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


def test_a_click_on_the_map_of_a_draft_opens_the_passage(desk, visit):
    collect(desk)
    outline(desk)
    draft(desk)
    desk.get_by_role("button", name="Pictures").click()
    desk.mouse.click(*spot(desk, "#review-map"))
    expect(desk.locator("#review-passages .card.hit mark")).to_be_visible()
    expect(desk.locator("#review-timeline .js-plotly-plot")).to_be_visible()
    expect(desk.locator("#review-coverage .js-plotly-plot")).to_be_visible()
    assert not visit.foreign and not visit.errors


def test_a_click_on_the_map_of_the_library_opens_the_record(desk, visit):
    visit.tab("Library")
    desk.get_by_role("tab", name="Map", exact=True).click()
    desk.mouse.click(*spot(desk, "#library-map"))
    expect(desk.locator("#record .record")).to_be_visible()
    expect(desk.locator("#library-map b")).to_have_count(0)  # names of groups are text
    assert not visit.foreign and not visit.errors
