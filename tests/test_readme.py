"""The README names commands, files and settings that exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
COMMANDS = sorted(
    {
        line.split("  #")[0].removeprefix("$ ").strip()
        for block in BLOCKS
        for line in block.splitlines()
        if line.removeprefix("$ ").startswith("ibid ")
    }
    | {code for code in re.findall(r"`(ibid [^`]+)`", README) if "--help" not in code}
)


def test_it_is_short_and_shows_an_answer_at_once():
    lines = README.splitlines()
    assert len(lines) <= 250
    assert any(line.startswith("$ ibid ask") for line in lines[:12])


def parse(command: str) -> None:
    """Parse a command as the program does, without running it."""
    from rag.cli import app

    words = shlex.split(command)[1:]
    group = typer.main.get_command(app)
    with group.make_context("ibid", words, resilient_parsing=False) as context:
        while hasattr(group, "resolve_command"):
            rest = [*context._protected_args, *context.args]
            _, group, rest = group.resolve_command(context, rest)
            context = group.make_context(group.name, rest, parent=context)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_exist_with_their_options(command):
    parse(command)


def test_a_wrong_command_would_be_noticed():
    with pytest.raises(Exception, match="No such option"):
        parse("ibid search x --bogus")
    assert len(COMMANDS) > 12


def tree():
    """Paths of the annotated tree, and the files that its notes name beside them."""
    block = next(block for block in BLOCKS if block.startswith("index/"))
    folder = inner = ""
    for line in block.splitlines():
        name, _, note = line.strip().partition(" ")
        if not line.startswith(" "):
            folder = inner = name
        elif name.endswith("/"):
            inner = folder + name
        yield (folder if line.startswith(" ") else "") + name
        beside = inner if name.endswith("/") else folder
        yield from (beside + named for named in re.findall(r"\b\w+\.py\b", note))


@pytest.mark.parametrize("path", sorted(set(tree())))
def test_its_tree_names_what_is_there(path):
    assert (ROOT / path).exists() or (ROOT / Path(path).parent.parent / Path(path).name).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:index|rag|prompts|ui|tests)/[\w./]+)`", README)))
)
def test_the_files_it_names_are_there(path):
    assert (ROOT / path).exists()


def test_the_names_it_tells_to_extend_are_there():
    for module, name in (
        ("index/readers/table.py", "FORMATS"), ("rag/llms/base.py", "class StoppableLLM"),
        ("index/encoders.py", "class Encoder"), ("rag/embedder.py", "def load_encoder"),
    ):  # fmt: skip
        assert name in (ROOT / module).read_text(encoding="utf-8"), (module, name)


@pytest.mark.parametrize("target", ["demo", "test", "check"])
def test_the_make_targets_it_names_are_there(target):
    assert re.search(rf"`?make {target}`?", README)
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_its_benchmarks_are_there():
    for script in re.findall(r"python (tests/benchmarks/\w+\.py)", README):
        assert (ROOT / script).is_file()


def test_every_command_of_the_program_is_named():
    listed = subprocess.run(
        [sys.executable, "-c", "from rag.cli import main; main(['--help'])"], capture_output=True, text=True
    ).stdout
    names = re.findall(r"^  (\w+)  ", listed.partition("Commands:")[2], re.MULTILINE)
    assert len(names) >= 8
    for name in names:
        assert f"ibid {name}" in README
