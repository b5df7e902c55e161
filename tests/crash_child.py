"""The victim of the kill loop: adds and removes papers for ever, and tells what is committed.

Lines on stdout, each flushed: `try KIND IDS` before an act, `done KIND IDS` once its last
transaction is committed and before the search index is published.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

from index_fixtures import ENCODER, paper, reading

from index import build, disk, intake
from index.library import Library

STEPS = ("write_file", "sync_file", "sync_dir", "replace", "remove_tree")


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(step: int) -> None:
    """Be killed before the `step`-th durable operation; 0: never."""
    left = step

    def doomed(real):
        def call(*args):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        return call

    for name in STEPS:
        setattr(disk, name, doomed(getattr(disk, name)))


def main(path: str, seed: str, step: str) -> None:
    dice = random.Random(int(seed))
    intake.BATCH = 3
    die_at(int(step))
    acts: list[str] = []
    publish = build.publish

    def acknowledged(catalog, **options):
        if acts:
            say("done", acts[-1])
        return publish(catalog, **options)

    build.publish = acknowledged
    library = Path(path)
    held = set()
    if build.is_library(library):
        with Library.open(library) as opened:
            held = {p.id for p in opened.papers()}
    following = max((int(i.removeprefix("paper-")) for i in held), default=0) + 1
    say("ready")
    while True:
        if len(held) > 4 and dice.random() < 0.4:
            gone = dice.sample(sorted(held), dice.randint(1, 3))
            acts.append("remove " + ",".join(gone))
            say("try", acts[-1])
            build.remove_papers(library, gone)
            held -= set(gone)
        elif dice.random() < 0.1:
            acts.clear()
            build.rebuild(library)
        else:
            papers = [paper(n) for n in range(following, following + dice.randint(1, 7))]
            following += len(papers)
            acts.append("add " + ",".join(p.id for p in papers))
            say("try", acts[-1])
            build.add_readings(library, [reading(*papers)], ENCODER)
            held |= {p.id for p in papers}


if __name__ == "__main__":
    main(*sys.argv[1:])
