"""Requests that leave the machine in a whole journey: build, search, ask, the page, an upload.

Every process of Ibid runs under strace in a network namespace that has a loopback device and
nothing else, so that an attempt is seen and goes nowhere. Counted are connects and datagrams to
other addresses and, wherever they go, to port 53 (a name was looked up); and what the page asks
the browser for. The control makes such requests on purpose: its count must not be 0.

    python tests/benchmarks/offline.py        # Linux, with strace, unshare and Chromium
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from figures import DEMO, IBID, INSIDE, show

QUESTION = "How are state space models used in medical image segmentation?"
CONTROL = (
    "import socket, urllib.request\n"
    "for leave in (lambda: urllib.request.urlopen('http://192.0.2.1/', timeout=1),"
    " lambda: socket.getaddrinfo('example.com', 443)):\n"
    "    try: leave()\n"
    "    except OSError: pass\n"
)
_CALL = re.compile(
    r"(connect|sendto|sendmsg|sendmmsg)\(.*?sa_family=AF_INET6?, sin6?_port=htons\((\d+)\)"
    r'.*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"'
)


def main() -> None:
    for tool in ("strace", "unshare", "ip"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not here; on Debian: apt-get install strace util-linux iproute2")
    me = [sys.executable, str(Path(__file__).resolve()), INSIDE, *sys.argv[1:]]
    sys.exit(
        subprocess.run(["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "-", *me]).returncode
    )


def inside() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(IBID_HOME=str(folder / "home"), HOME=str(folder))
        for setting in (
            "HF_HUB_OFFLINE",
            "HF_HUB_DISABLE_TELEMETRY",
            "GRADIO_ANALYTICS_ENABLED",
            "DO_NOT_TRACK",
        ):
            os.environ.pop(setting, None)  # Ibid must not need to be told
        library = folder / "library"
        rows = [
            ("ibid index add", traced(folder, [*IBID, "index", "add", DEMO, "-L", library])),
            ("ibid search", traced(folder, [*IBID, "search", QUESTION, "-L", library])),
            ("ibid ask", traced(folder, [*IBID, "ask", QUESTION, "-L", library])),
            *page(folder, library),
            ("control", traced(folder, [sys.executable, "-c", CONTROL])),
        ]
    head = ("step", "requests that leave the machine")
    show("A whole journey without a network", head, [(step, str(len(left))) for step, left in rows])
    for step, left in rows:
        for place in sorted(set(left)):
            print(f"{step}: {place}")
    *journey, control = (len(left) for _, left in rows)
    sys.exit(0 if control and not any(journey) else 1)


def traced(folder: Path, command: list[object]) -> list[str]:
    """Run a command to its end under strace; the addresses outside that it tried to reach."""
    log = folder / "trace"
    done = subprocess.run([*strace(log), *map(str, command)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[-4:]} failed: {done.stderr}")
    return leaving(log)


def strace(log: Path) -> list[str]:
    return ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log)]


def leaving(log: Path) -> list[str]:
    found = []
    for line in log.read_text(errors="replace").splitlines():
        for call, port, address in _CALL.findall(line):
            here = address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")
            if not here or port == "53":
                found.append(f"{call} {address} port {port}")
    return found


def page(folder: Path, library: Path) -> list[tuple[str, list[str]]]:
    """Open the page, ask, upload a file; the browser itself is not traced, its requests are listed."""
    log = folder / "trace"
    command = [*strace(log), *IBID, "ui", "-L", str(library), "--port", "7950"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
        asked = drive(folder, address)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=30)
    return [("ibid ui, its page asked and fed", leaving(log)), ("requests of the page", asked)]


def drive(folder: Path, address: str) -> list[str]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        sys.exit(f"{error}; run: pip install -e '.[dev]'")
    chromium = shutil.which("chromium") or sys.exit(
        "Chromium is not here; on Debian: apt-get install chromium"
    )
    upload = folder / "more.csv"
    upload.write_text("title,abstract\nOn moss,Moss grows fastest on wet stone in the shade of old walls.\n")
    outside: list[str] = []

    def note(request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            outside.append(request.url)

    flags = [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        tab = browser.new_page()
        tab.on("request", note)
        tab.goto(address)
        tab.locator("#question textarea").fill(QUESTION)
        tab.locator("#question textarea").press("Enter")
        tab.locator("#actions").wait_for(timeout=120_000)
        tab.get_by_role("tab", name="Library").click()
        tab.get_by_role("tab", name="Add papers").click()
        tab.locator("#files input[type=file]").set_input_files(upload)
        tab.get_by_text("more.csv").first.wait_for(timeout=30_000)
        tab.locator("#add-files").click()
        tab.get_by_text("1 new paper").wait_for(timeout=60_000)
        browser.close()
    return outside


if __name__ == "__main__":
    inside() if INSIDE in sys.argv else main()
