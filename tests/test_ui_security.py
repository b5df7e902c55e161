"""The edge: foreign hosts and sites are refused, headers are set, bodies are bounded."""

import os
import stat

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui import security
from ui.security import CONTENT_SECURITY_POLICY, blocked_paths, is_loopback, protect

BASE = "http://127.0.0.1:7860"


async def accept(request):
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(security, "LARGEST_BODY", 1000)
    monkeypatch.setattr(security, "LARGEST_UPLOAD", 5000)
    monkeypatch.setattr(security, "UPLOAD_QUOTA", 6000)
    monkeypatch.setattr(security.BodyLimit.__init__, "__defaults__", (6000,))
    paths = ["/", "/gradio_api/upload", "/gradio_api/queue/join"]
    app = Starlette(routes=[Route(path, accept, methods=["GET", "POST"]) for path in paths])
    protect(app, tmp_path)
    return TestClient(app, base_url=BASE)


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "0.0.0.0:7860", "169.254.169.254"])
def test_a_foreign_host_name_is_refused(client, host):
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "localhost"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": BASE}, 200),
        ({"origin": BASE, "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": BASE + ".evil.test"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/queue/join"])
def test_another_sites_page_cannot_change_anything(client, headers, status, path):
    assert client.post(path, content=b"{}", headers=headers).status_code == status


def test_reading_across_sites_is_left_to_the_browser(client):
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_every_response_carries_the_headers(client):
    for answer in (
        client.get("/"),
        client.get("/missing"),
        client.post("/", headers={"origin": "http://x.test"}),
    ):
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert "unsafe-eval" not in CONTENT_SECURITY_POLICY and "http" not in CONTENT_SECURITY_POLICY


def chunks(size):
    yield from (b"x" * 100 for _ in range(size // 100))


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/gradio_api/queue/join", 1000, 200),
        ("/gradio_api/queue/join", 1100, 413),
        ("/gradio_api/upload", 5000, 200),
        ("/gradio_api/upload", 5100, 413),
    ],
)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_body_over_its_limit_is_refused(client, path, size, status, declared):
    body = b"x" * size if declared else chunks(size)
    assert client.post(path, content=body).status_code == status


def test_a_full_upload_folder_takes_no_more(client, tmp_path):
    (tmp_path / "there").write_bytes(b"x" * 5500)
    assert client.post("/gradio_api/upload", content=b"x" * 500).status_code == 200
    assert client.post("/gradio_api/upload", content=b"x" * 501).status_code == 413


@pytest.mark.parametrize(
    ("host", "safe"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("x", False),
    ],
)
def test_loopback_is_told_from_the_rest(host, safe):
    assert is_loopback(host) is safe


def test_folders_are_blocked_but_never_the_upload_folder(tmp_path):
    home, data = tmp_path / "home", tmp_path / "data"
    uploads = home / "cache" / "uploads"
    for folder in (uploads, home / "documents", data):
        folder.mkdir(parents=True)
    found = blocked_paths([home, data], uploads)
    assert found == sorted([str(data), str(home / "documents")])
    assert blocked_paths([home / "documents"], uploads) == [str(home / "documents")]


def test_the_environment_is_set_before_gradio_and_the_folder_is_private(monkeypatch):
    monkeypatch.setattr(os, "environ", {"GRADIO_VIBE_MODE": "1"})
    folder = security.prepare_environment()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.environ == {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "GRADIO_TEMP_DIR": str(folder),
    }
