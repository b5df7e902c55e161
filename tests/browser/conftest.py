"""The real page in Chromium over a scripted library; skipped, with the reason, where Chromium is missing."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

NEEDS = "the browser tests need Chromium (apt-get install chromium) and playwright (pip install playwright)"
ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PATIENCE = 45_000  # ms; a machine with other work takes its time


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason=NEEDS)
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip(NEEDS)
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=program, args=ARGS)
        yield chromium
        chromium.close()


class Site:
    """A server over a scripted library; `restart` makes everything but the folder anew."""

    def __init__(self, folder):
        from ui.security import prepare_environment

        self.folder = folder
        self.uploads = prepare_environment()
        self.start()

    def start(self):
        from scripted_library import ScriptedLibrary

        from rag.history import History
        from ui.app import address_of, bind, build_app, kept_reviews, mount, server_for

        self.library = ScriptedLibrary(self.folder / "library")
        self.history = History(self.folder / "history.sqlite3")
        self.kept = kept_reviews(self.library, self.history)
        listener = bind("127.0.0.1", 0)
        self.address = address_of(listener)
        asgi = mount(build_app(self.library, self.history), self.uploads, [self.folder])
        self.server = server_for(asgi)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.thread.start()
        wait_for(lambda: self.server.started)

    def stop(self):
        self.server.should_exit = True
        self.thread.join(10)

    def restart(self):
        self.stop()
        self.start()


def wait_for(true, seconds=10.0):
    """Wait until `true()` holds; says whether it came to."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory):
    kept = dict(os.environ)
    made = Site(tmp_path_factory.mktemp("site"))
    yield made
    made.stop()
    os.environ.clear()
    os.environ.update(kept)


class Visit:
    """A page in a context of its own. `foreign` holds every request that left the site's origin."""

    def __init__(self, context, address):
        self.foreign = []
        self.errors = []
        self.address = address
        context.set_default_timeout(PATIENCE)
        context.route("**/*", self._route)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append("a dialog opened"), dialog.dismiss()))
        self.open(address)

    def _route(self, route):
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()

    def open(self, address):
        self.address = address
        self.page.goto(address)
        self.page.get_by_role("button", name="Which papers read whole slides?").wait_for()

    @property
    def question(self):
        return self.page.get_by_role("textbox", name="Question")

    @property
    def current(self):
        return self.page.locator("#current")

    def ask(self, question, *, wait=True):
        self.question.fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        if wait:
            self.page.locator("#current .turn.finished h2", has_text=question[:40]).wait_for()
            self.page.get_by_role("button", name="Ask", exact=True).wait_for()

    def tab(self, name):
        """Open a tab; on a narrow page some are in the menu behind the last that fits."""
        self.page.get_by_role("tab").first.wait_for()
        tab = self.page.get_by_role("tab", name=name, exact=True)
        if not tab.first.is_visible():
            self.page.locator(".overflow-menu > button").first.click()
            tab = self.page.locator(".overflow-dropdown button", has_text=name)
        tab.click()


@pytest.fixture
def open_page(browser, site):
    """Open the page; keywords are those of a browser context (viewport, color_scheme)."""
    contexts = []

    def start(**options):
        contexts.append(browser.new_context(**options))
        return Visit(contexts[-1], site.address)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def visit(open_page):
    return open_page(viewport={"width": 1440, "height": 900})
