"""What the design promises about the code itself, read from its syntax trees.

Imports go one way (ui -> rag -> index, rag -> prompts), late ones included; light modules load
nothing heavy; modules and functions stay small. A new heavy module gets a row, with its reason,
in `HEAVY_RIM`.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "prompts": {"prompts"},
    "index": {"index"},
    "rag": {"rag", "index", "prompts"},
    "ui": {"ui", "rag", "index"},
}
ALSO = {"prompts": {"index.errors"}}  # a bad template is told like every other expected failure

HEAVY = {"llama_index", "torch", "transformers", "faiss", "gradio", "xllamacpp", "plotly"}
HEAVY_RIM = {
    "index.faiss_store": "the FAISS store; opened through index.publish when a library is",
    "index.nodes": "the only conversions to and from LlamaIndex",
    "index.packed_bert": "a forward pass in torch; loaded by the encoder that runs it",
    "rag.llms.base": "LlamaIndex's LLM interface, which every backend fills",
    "rag.llms.gguf": "a backend",
    "rag.llms.llama_server": "a backend's engine",
    "rag.llms.openai_llm": "a backend",
    "rag.llms.pump": "between the backends' threads and LlamaIndex's generators",
    "rag.llms.transformers_llm": "a backend",
    "rag.sockets": "LlamaIndex's retriever, query engine and tool",
    "rag.training.batches": "trains shipped weights; never part of an answer",
    "rag.training.cross_encoder": "trains shipped weights; never part of an answer",
    "rag.training.low_rank": "trains shipped weights; never part of an answer",
    "rag.training.reader": "trains shipped weights; never part of an answer",
    "rag.training.wording": "trains shipped weights; never part of an answer",
    "ui.app": "Gradio",
    "ui.ask": "Gradio",
    "ui.cite": "Gradio",
    "ui.conversations": "Gradio",
    "ui.drafts": "Gradio",
    "ui.duplicates": "Gradio",
    "ui.fragment": "Gradio",
    "ui.library": "Gradio",
    "ui.library_map": "Gradio",
    "ui.papers": "Gradio",
    "ui.plots": "plotly",
    "ui.picks": "Gradio",
    "ui.review": "Gradio",
    "ui.review_layout": "Gradio",
    "ui.screen": "Gradio",
    "ui.screen_files": "Gradio",
    "ui.saved": "the folder that Gradio serves downloads from",
    "ui.settings": "Gradio",
    "ui.theme": "Gradio",
}

LONGEST_MODULE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 50, 7
RUNS_CODE = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}


@dataclass
class Module:
    """One file: its syntax tree and what it imports, at the top and late."""

    name: str
    path: Path
    tree: ast.Module
    top: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)

    @property
    def imports(self) -> set[str]:
        return self.top | self.late


@cache
def modules() -> dict[str, Module]:
    found = {}
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    for module in found.values():
        collect(module, module.tree, late=False, known=set(found))
    return found


def collect(module: Module, node: ast.AST, *, late: bool, known: set[str]) -> None:
    """Fill `top` and `late`; what only type checkers see is left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        inside = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        names = imported(child, known)
        # A row of a table, "module:name", is an import too: it is resolved when it is chosen.
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            target, colon, _ = child.value.partition(":")
            names = {target} if colon and target in known else set()
            module.late.update(names)
        else:
            (module.late if inside else module.top).update(names)
        collect(module, child, late=inside, known=known)


def imported(node: ast.AST, known: set[str]) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"relative import in line {node.lineno}"
        inner = {f"{node.module}.{alias.name}" for alias in node.names}
        return {name if name in known else str(node.module) for name in inner}
    return set()


def own(names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in MAY_IMPORT}


def functions(module: Module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    a = function.args
    names = [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg)))]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_the_walk_sees_what_is_there():
    assert {"index.library", "rag.engine", "prompts.templates", "ui.app"} <= set(modules())
    assert "index.readers.jsonl" in modules()["index.readers.table"].late  # through its table
    assert "rag.wiring" in modules()["rag.commands.search"].late
    assert "rag.wiring" not in modules()["rag.commands.search"].top


def test_imports_form_no_loop_even_late_ones():
    graph = {name: own(module.imports) - {name} for name, module in modules().items()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail("a loop of imports: " + " <- ".join(error.args[1]))


def test_imports_go_one_way():
    wrong = []
    for name, module in modules().items():
        package = name.partition(".")[0]
        for target in own(module.imports):
            if target.partition(".")[0] not in MAY_IMPORT[package] and target not in ALSO.get(package, ()):
                wrong.append(f"{name} imports {target}")
    assert wrong == []


def test_only_the_rim_imports_heavy_packages_at_the_top():
    wrong = []
    for name, module in modules().items():
        if name in HEAVY_RIM:
            continue
        heavy = {target for target in module.top if target.partition(".")[0] in HEAVY}
        wrong += [f"{name} imports {target}" for target in sorted(heavy | (module.top & set(HEAVY_RIM)))]
    assert wrong == []


def test_the_rim_is_as_small_as_it_says():
    for name in HEAVY_RIM:
        module = modules()[name]
        heavy = {target for target in module.top if target.partition(".")[0] in HEAVY}
        assert heavy or module.top & set(HEAVY_RIM), f"{name} imports nothing heavy: take its row out"


def test_nothing_that_is_read_can_run():
    wrong = []
    for name, module in modules().items():
        wrong += [f"{name} imports {t}" for t in module.imports if t.partition(".")[0] in RUNS_CODE]
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called in ("eval", "exec", "compile", "__import__", "torch.load", "os.system", "os.popen"):
                wrong.append(f"{name}:{node.lineno} calls {called}")
            for keyword in node.keywords:
                if keyword.arg in ("allow_pickle", "trust_remote_code", "shell"):
                    if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
                        wrong.append(f"{name}:{node.lineno} sets {keyword.arg}")
    assert wrong == []


def test_modules_are_short():
    lines = {m.name: len(m.path.read_text(encoding="utf-8").splitlines()) for m in modules().values()}
    assert {name: n for name, n in lines.items() if n > LONGEST_MODULE} == {}


def test_functions_are_short():
    long = {
        f"{m.name}.{f.name}": n
        for m in modules().values()
        for f in functions(m)
        if (n := (f.end_lineno or 0) - f.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_functions_take_few_parameters():
    """Commands are exempt: typer makes one option of each parameter, and nobody calls them by hand."""
    many = {
        f"{m.name}.{f.name}": n
        for m in modules().values()
        for f in functions(m)
        if (n := parameters(f)) > MOST_PARAMETERS and not is_command(m, f)
    }
    assert many == {}


def is_command(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    options = [*function.args.args, *function.args.kwonlyargs]
    return module.name.startswith("rag.commands.") and all(
        re.search(r"Annotated|Option$|Option\b", ast.unparse(a.annotation)) for a in options if a.annotation
    )


def test_package_files_hold_a_docstring_only():
    for module in modules().values():
        if module.path.name == "__init__.py":
            body = module.tree.body
            assert len(body) == 1 and ast.get_docstring(module.tree), module.path


def test_there_is_no_catch_all_module():
    names = {module.path.stem for module in modules().values()}
    assert names & {"utils", "util", "common", "helpers", "misc"} == set()


def loaded_after(code: str, *arguments: str, cwd: Path) -> set[str]:
    """The heavy packages that a fresh process holds after running `code`."""
    report = "import sys; sys.stderr.write('\\nLOADED ' + ' '.join(sys.modules))"
    code = f"import atexit; atexit.register(lambda: exec({report!r}))\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=cwd, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED ")[2].split()) & (HEAVY | {"tantivy", "fastapi", "sklearn"})


COMMAND = "import sys; from rag.cli import main; main(sys.argv[1:])"


def test_help_loads_nothing_heavy(tmp_path):
    assert loaded_after("import rag.cli", cwd=tmp_path) == set()
    assert loaded_after(COMMAND, "--help", cwd=tmp_path) == set()


def test_search_loads_the_index_and_no_model_framework(tmp_path):
    papers = tmp_path / "papers.csv"
    papers.write_text("title,abstract\nOn tides,Tides rise twice a day.\nOn moss,Moss grows on stones.\n")
    assert loaded_after(COMMAND, "index", "add", str(papers), "-L", "lib", cwd=tmp_path) <= {
        "faiss",
        "tantivy",
    }
    assert loaded_after(COMMAND, "search", "when do tides rise", "-L", "lib", cwd=tmp_path) <= {
        "faiss",
        "tantivy",
    }


def test_the_library_can_be_asked_from_python_without_a_heavy_import(tmp_path):
    assert loaded_after("import rag.wiring, rag.engine, rag.verify, ui.render", cwd=tmp_path) == set()
