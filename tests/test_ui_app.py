"""The app as a whole, without a browser: nothing public, nothing served that must not be, safe to start."""

import re
import socket

import pytest
from scripted_library import ScriptedLibrary
from starlette.testclient import TestClient

from rag.history import History
from ui.__main__ import main
from ui.app import PORTS_TRIED, allowed_hosts, bind, build_app, mount
from ui.security import CONTENT_SECURITY_POLICY, LOOPBACK_NAMES
from ui.theme import DARK, LIGHT, head

from index.errors import UsageError  # isort: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def blocks(folder):
    return build_app(ScriptedLibrary(folder / "library"), History(folder / "history.sqlite3"))


@pytest.fixture(scope="module")
def client(blocks, folder):
    (folder / "library").mkdir()
    (folder / "library" / "secret.txt").write_text("canary")
    asgi = mount(blocks, folder / "uploads", [folder / "library"])
    with TestClient(asgi, base_url="http://127.0.0.1:7860") as running:
        yield running


def test_no_event_is_public(blocks):
    visible = {d.get("api_visibility") for d in blocks.get_config_file()["dependencies"]}
    assert visible == {"private"}


def test_everything_that_asks_takes_turns(blocks):
    asking = [f for f in blocks.fns.values() if f.concurrency_id == "llm"]
    assert len(asking) == 1 + 4 + 3 + 1 + 5
    assert {f.concurrency_limit for f in asking} == {1}


def test_the_queue_is_bounded_and_nothing_is_recorded(blocks, client):
    assert blocks._queue.max_size == 16
    assert blocks.delete_cache == (600, 3600)
    assert blocks.run_history is False and blocks.ssr_mode is False
    assert blocks.max_file_size == 10_000_000 or blocks.max_file_size == 10 * 1024 * 1024
    assert blocks.allowed_paths == [] and blocks.enable_monitoring is False
    assert blocks.analytics_enabled is False


def test_corpus_text_passes_through_sanitising_components_only(blocks):
    kinds = {type(b).__name__ for b in blocks.blocks.values()}
    assert not kinds & {"HTML", "Chatbot", "Dataframe", "JSON"}
    for block in blocks.blocks.values():
        if type(block).__name__ == "Markdown":
            assert block.sanitize_html is True and block.latex_delimiters == []


def test_the_page_carries_its_policy_and_names_no_foreign_address(client):
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "Ibid" in page.text
    loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?(https?://[^\"'> ]+)", page.text)
    assert [u for u in loaded if not u.startswith("http://127.0.0.1:7860")] == []


@pytest.mark.parametrize("path", ["secret.txt", "../library/secret.txt", "manifest.json"])
def test_the_library_is_not_served(client, folder, path):
    for route in ("/gradio_api/file=", "/file="):
        answer = client.get(route + str(folder / "library" / path))
        assert answer.status_code in (403, 404) and "canary" not in answer.text


@pytest.mark.parametrize("path", ["/etc/passwd", "pyproject.toml", "/proc/self/environ"])
def test_nothing_else_of_the_disk_is_served(client, path):
    assert client.get(f"/gradio_api/file={path}").status_code in (403, 404)


def test_documentation_and_monitoring_are_off(client):
    assert client.get("/docs").status_code == 404
    assert client.get("/openapi.json").status_code == 404
    assert client.get("/gradio_api/mcp/schema").status_code == 404
    assert client.get("/monitoring").status_code in (403, 404)
    assert client.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_a_taken_port_gives_the_next_free_one():
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + PORTS_TRIED


def test_a_host_that_is_not_here_is_named():
    with pytest.raises(UsageError, match=r"Cannot listen on 192\.0\.2\.1 port 7860"):
        bind("192.0.2.1")


@pytest.mark.parametrize(
    ("host", "names"),
    [("127.0.0.1", LOOPBACK_NAMES), ("192.168.0.9", [*LOOPBACK_NAMES, "192.168.0.9"]), ("0.0.0.0", ["*"])],
)
def test_the_names_answered_to_follow_the_host(host, names):
    assert allowed_hosts(host) == names


def test_a_host_others_can_reach_needs_a_second_word(capsys):
    assert main(["--host", "0.0.0.0"]) == 2
    assert "no login" in capsys.readouterr().err


def test_a_missing_library_is_one_line_and_exit_code_1(tmp_path, capsys):
    assert main(["-L", str(tmp_path / "none"), "--llm", "none", "--port", "0"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("ibid: ") and err.count("\n") == 1


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("ink", "ground"), ("ink", "card"), ("soft", "ground"), ("soft", "card"), ("accent", "ground"),
    ("accent", "card"), ("accent-ink", "accent"), ("mark-ink", "mark"), ("good", "good-ground"),
    ("fair", "fair-ground"), ("none", "none-ground"), ("none", "ground"), ("card", "none"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme, ink, ground):
    assert contrast(scheme[ink], scheme[ground]) >= 4.5


def test_contrast_is_measured_as_the_standard_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_page_assets_name_no_address():
    assert "http" not in head()


def test_a_port_in_use_is_really_in_use():
    with bind("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        pass
