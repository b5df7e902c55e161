"""Papers, answers and file names that attack the page neither run nor load anything."""

import pytest
from playwright.sync_api import expect
from scripted_library import HOSTILE_TEXT


def assert_unharmed(visit):
    visit.page.wait_for_timeout(400)
    assert visit.page.evaluate("window.__ran") is None
    assert visit.foreign == []
    assert visit.errors == []
    planted = (
        "#current, #past, #cards, #earlier, #report, #conversations, #findings, #listing, #record, #pair, "
        "#screen-card, #screen-said, #screen-question, "
        "#review-said, #collected, #review-draft, #review-passages, #review-revised"
    )
    found = visit.page.evaluate(
        f"""[...document.querySelectorAll('{planted}')].flatMap(e =>
          [...e.querySelectorAll('script, iframe, form, style, link, img, object, embed, svg[onload]')])
          .map(e => e.outerHTML)"""
    )
    assert found == []


def provoke(visit):
    """Hover, focus and click what a reader could."""
    visit.page.evaluate(
        """() => document.querySelectorAll('#current *, #cards *').forEach(e => {
          for (const kind of ['mouseover', 'focus', 'pointerenter'])
            e.dispatchEvent(new Event(kind, {bubbles: true}));
        })"""
    )
    visit.current.locator("a.cite").first.click()


def test_hostile_papers_and_answers_are_shown_as_text(visit):
    visit.ask("A hostile question " + HOSTILE_TEXT[:300])
    visit.page.get_by_label("All retrieved").check()
    provoke(visit)
    assert_unharmed(visit)
    expect(visit.page.locator("#src-1-1 mark")).to_contain_text("<script>window.__ran=1</script>")
    expect(visit.page.locator("#src-1-1 mark")).to_contain_text("![x](http://evil.test/a.png)")
    expect(visit.page.locator("#src-1-1 .out")).to_have_count(0)
    expect(visit.current.locator("a:not(.cite)")).to_have_count(0)
    expect(visit.page.locator("[id=current]")).to_have_count(1)


def test_hostile_follow_ups_and_history_titles_are_text(visit):
    visit.ask("<img src=http://evil.test/t onerror=window.__ran=1> hostile")
    visit.page.locator("#followups button:visible").first.click()
    visit.page.locator("#past .turn").wait_for()
    expect(visit.current.locator(".badge")).to_be_visible()
    visit.tab("History")
    expect(visit.page.locator("#conversations")).to_contain_text("<img src=http://evil.test/t")
    assert_unharmed(visit)


def test_a_hostile_file_name_and_report_are_text(visit, tmp_path):
    name = "<img src=x onerror=window.__ran=1>.ris"
    path = tmp_path / name
    path.write_text("nothing known <script>window.__ran=1</script>")
    visit.tab("Library")
    visit.tab("Add papers")
    visit.page.locator("#files input[type=file]").set_input_files(path)
    expect(visit.page.locator("#files")).to_contain_text(".ris")
    visit.page.get_by_role("button", name="Add to library").click()
    expect(visit.page.locator("#report .badge")).to_have_text("Nothing added")
    expect(visit.page.locator("#report")).to_contain_text("<script>window.__ran=1</script>")
    assert_unharmed(visit)


@pytest.mark.parametrize(
    "attack",
    [
        "new Image().src = 'http://evil.test/x.png'",
        "document.body.insertAdjacentHTML('beforeend', '<link rel=stylesheet href=http://evil.test/x.css>')",
    ],
)
def test_the_policy_alone_keeps_foreign_loads_from_leaving(visit, attack):
    visit.page.evaluate(attack)
    visit.page.wait_for_timeout(300)
    assert visit.foreign == []


def test_the_detectors_fire_when_something_does_run_or_load(browser):
    context = browser.new_context()
    seen = []
    context.route("**/*", lambda route: (seen.append(route.request.url), route.abort()))
    page = context.new_page()
    page.set_content("<div id=current><img src=http://evil.test/a.png onerror='window.__ran=1'></div>")
    page.wait_for_function("window.__ran === 1")
    assert seen == ["http://evil.test/a.png"]
    context.close()
