"""A writer is killed at any moment: what was acknowledged is there, and the next opening repairs.

`IBID_KILLS=100` makes the kill loop longer. It keeps the page cache, so a missing sync would pass;
`test_index_generations` therefore holds the order of writes, syncs and renames in a list.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash_child import STEPS
from index_fixtures import ENCODER, paper, reading

from index import build, disk
from index.audit import verify
from index.library import Library

KILLS = int(os.environ.get("IBID_KILLS", "12"))
SEED = int(os.environ.get("IBID_SEED", "20"))


class Account:
    """What the parent knows: papers that must be there, and the act that may be half done."""

    def __init__(self) -> None:
        self.sure: set[str] = set()
        self.maybe_added: set[str] = set()
        self.maybe_removed: set[str] = set()
        self.acknowledged = 0
        self.lines: list[str] = []

    def note(self, line: str) -> None:
        """One line of the victim."""
        self.lines.append(line)
        status, _, act = line.partition(" ")
        kind, _, names = act.partition(" ")
        ids = set(names.split(",")) if names else set()
        if status == "try":
            self.maybe_added, self.maybe_removed = (ids, set()) if kind == "add" else (set(), ids)
        elif status == "done" and kind == "add":
            self.sure |= ids
            self.maybe_added = set()
            self.acknowledged += 1
        elif status == "done":
            self.sure -= ids
            self.maybe_removed = set()
            self.acknowledged += 1

    def check(self, held: list[str]) -> None:
        """Nothing lost, nothing invented, batches of three whole, a removal whole or not at all."""
        there = set(held)
        assert len(held) == len(there)
        lost = self.sure - self.maybe_removed - there
        back = there - self.sure - self.maybe_added
        assert not lost and not back, f"lost {sorted(lost)}, back {sorted(back)}, last {self.lines[-6:]}"
        partly = there & self.maybe_added
        assert len(partly) in (0, len(self.maybe_added)) or len(partly) % 3 == 0, "half a batch"
        assert self.maybe_removed & there in (set(), self.maybe_removed), "half a removal"
        self.sure, self.maybe_added, self.maybe_removed = there, set(), set()


def kill_once(path: Path, account: Account, dice: random.Random) -> None:
    """Start a victim, let it work, kill it at a random moment or before a random durable step."""
    step = dice.randint(1, 60) if dice.random() < 0.5 else 0
    command = [
        sys.executable,
        str(Path(__file__).with_name("crash_child.py")),
        str(path),
        str(dice.random())[2:],
        str(step),
    ]
    with (path.parent / "errors").open("w+") as errors:
        victim = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert victim.stdout
        if victim.stdout.readline():  # it is ready
            time.sleep(dice.uniform(0.0, 0.25 if step == 0 else 1.5))
        victim.kill()
        for line in victim.stdout:  # `communicate` would lose what `readline` has read ahead
            account.note(line.rstrip("\n"))
        victim.wait()
        errors.seek(0)
        told = errors.read()
        assert "Traceback" not in told, told


def test_no_kill_loses_an_acknowledged_paper_or_damages_the_library(tmp_path, record_property):
    dice, account, path = random.Random(SEED), Account(), tmp_path / "library"
    behind, repairs = 0, []
    build.create_library(path, ENCODER.id)
    for _ in range(KILLS):
        kill_once(path, account, dice)
        faults = verify(path).faults
        assert not [fault for fault in faults if fault.startswith("catalogue")], faults
        behind += bool(faults)
        began = time.perf_counter()
        with Library.open(path) as library:
            repairs.append(time.perf_counter() - began)
            account.check([p.id for p in library.papers()])
        report = verify(path)
        assert report.ok, report.faults
    assert not list(path.glob(".tmp-*")) or not behind
    assert account.acknowledged >= KILLS / 4
    facts = {
        "kills": KILLS,
        "acknowledged": account.acknowledged,
        "index behind": behind,
        "slowest open": max(repairs),
    }
    record_property("kill loop", facts)
    sys.stderr.write(f"\nkill loop, seed {SEED}: {facts}\n")


class Stopped(BaseException):
    """The end of the process, as far as the library can see."""


ACTS = {
    "create": lambda path: build.create_library(path.parent / "new", ENCODER.id),
    "add": lambda path: build.add_readings(path, [reading(paper(20), paper(21))], ENCODER),
    "remove": lambda path: build.remove_papers(path, ["paper-1", "paper-2"]),
    "rebuild": build.rebuild,
}
BEFORE = {f"paper-{n}" for n in range(6)}
AFTER = {"create": set(), "add": BEFORE | {"paper-20", "paper-21"}, "remove": BEFORE - {"paper-1", "paper-2"}}


def watched(monkeypatch, step: int, half: bool) -> list[str]:
    """The names of durable operations as they happen; the `step`-th does not, or only by half."""
    calls: list[str] = []

    def doomed(name, real):
        def call(*args):
            calls.append(name)
            if len(calls) != step:
                return real(*args)
            if half and name == "write_file":
                args[0].write_bytes(args[1][: len(args[1]) // 2])
            elif half and args[0].is_dir():
                next(p for p in args[0].rglob("*") if p.is_file()).unlink()
            raise Stopped

        return call

    for name in STEPS:
        monkeypatch.setattr(disk, name, doomed(name, getattr(disk, name)))
    return calls


def stops(calls: list[str]) -> list[tuple[int, bool]]:
    """Every step but those inside a run of equal ones; those that can be half done also so."""
    inner = {n for n in range(1, len(calls) - 1) if calls[n - 1] == calls[n] == calls[n + 1]}
    chosen = [n for n in range(len(calls)) if n not in inner or "IBID_KILLS" in os.environ]
    return [(n + 1, half) for n in chosen for half in (False, True) if not half or calls[n] in HALVES]


HALVES = ("write_file", "remove_tree")


@pytest.mark.parametrize("act", ACTS)
def test_a_stop_at_any_durable_step_leaves_the_old_state_or_the_new(tmp_path, monkeypatch, act):
    made = tmp_path / "made"
    build.add_readings(made, [reading(*(paper(n) for n in range(5)))], ENCODER)
    build.add_readings(made, [reading(paper(5))], ENCODER)

    def stopped(step: int, half: bool) -> list[str]:
        shutil.copytree(made, tmp_path / f"{step}{half}" / "library")
        with monkeypatch.context() as patch:
            calls = watched(patch, step, half)
            try:
                ACTS[act](tmp_path / f"{step}{half}" / "library")
            except Stopped:
                pass
        return calls

    plan = stops(stopped(0, False))
    assert len(plan) > 8
    for step, half in plan:
        assert len(stopped(step, half)) == step
        path = tmp_path / f"{step}{half}" / ("new" if act == "create" else "library")
        with Library.open(path) as library:
            held = {p.id for p in library.papers()}
        assert held in (BEFORE, AFTER.get(act, BEFORE))
        if step % 4 == 0:
            ACTS["add"](path)  # it can be written again
        assert verify(path).ok
