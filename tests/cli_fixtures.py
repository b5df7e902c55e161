"""A tiny made-up library and a way to run a command in this process, for the tests of the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

PAPERS = [
    {
        "_id": "moss", "title": "Moss growth on wet stone walls", "year": 2019, "authors": ["Ada Brook"],
        "text": "Moss grows fastest on wet stone. We measured 120 walls in two towns. "
        "Walls that stay wet for nine months carry 3.5 times as much moss as dry ones.",
    },
    {
        "_id": "tides", "title": "Tidal range in narrow bays", "year": 2021,
        "text": "Tidal range grows towards the head of a narrow bay. A model of 14 bays explains 87% of the "
        "variance. Wide bays show no such effect.",
    },
    {
        "_id": "owls", "title": "Hearing in barn owls declines little with age", "year": 2023,
        "text": "Barn owls hear well at old age. Thresholds of seven owls aged 13 years differ by 2 dB from "
        "those of young birds.",
    },
    {"_id": "undated", "text": "Lichen on roof tiles is a sign of clean air, a count of 40 roofs suggests."},
]  # fmt: skip


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def one_line(self) -> str:
        """What stderr says, which must be one line for the user and no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1 and self.err.endswith("\n"), self.err
        assert "Traceback" not in self.err and lines[0].startswith("ibid: ")
        return lines[0].removeprefix("ibid: ")


def write_lines(path, records):
    """Records as JSON lines; texts are written as they are."""
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def run_command(capsys, *arguments) -> Done:
    """Run `ibid` in this process."""
    from rag.cli import main

    capsys.readouterr()
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return Done(code, out, err)
