"""The worker's half of `dlkit diagnose`: run a training program, and see what it does.

Requests and answers are observations. What a worker is asked:

    read   read the program: which libraries it imports, or why it cannot be read
    run    run it as `python FILE` would, watched, and say what was seen

Real callables get a watcher around them (see `hooks`): `Model.fit`, `tf.GradientTape`, an optimizer's `apply`, scalers of
scikit-learn. Loops of the program's own are seen through a call that is put into each (see `loops`). What is sent back are
arrays, numbers and the program's own words; whether they are a sign of something is decided in the grader.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.diagnosing.beside.fits import Fits, is_loaded
from autograder.diagnosing.beside.loops import SEEN, Loops, watched
from autograder.diagnosing.beside.places import Program
from autograder.diagnosing.beside.record import Record
from autograder.diagnosing.beside.rows import Rows
from autograder.diagnosing.beside.tapes import Tapes
from autograder.observation import pack, pack_tree, text_of, unpack
from autograder.observing.capturing import captured, text_about
from autograder.observing.importing import SlowError, at_most, explain_syntax, imported_by, load_libraries
from autograder.observing.seeding import Generators
from autograder.sandbox.budget import Budget
from autograder.text.cells import read

TAKES_BEST = ("max", "argmax", "min", "argmin", "sorted")
PRINTED_LAST = 4000  # characters of what it prints, that are kept


def serve(budget: Budget) -> Callable[[bytes], bytes]:
    """The handler that a worker runs."""
    return Prober(budget).handle


class Prober:
    """Runs one program.

    Args:
        budget: what it may use.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.source, self.name = "", ""
        self.tree = ast.Module([], [])

    def handle(self, request: bytes) -> bytes:
        """Answer one request."""
        fields = unpack(request)
        if text_of(fields, "request") == "read":
            return pack({**self.read(fields)})
        caches = json.loads(text_of(fields, "caches"))
        return pack(pack_tree(self.run(float(text_of(fields, "seconds")), text_of(fields, "folder"), caches)))

    def read(self, fields: Any) -> dict[str, str]:
        """Read the program; none of it runs."""
        self.source, self.name = text_of(fields, "source"), text_of(fields, "name")
        try:
            self.tree = read(self.source, self.name).tree
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return {"syntax": explain_syntax(error, self.name, self.source)}
        return {"imports": " ".join(dict.fromkeys(imported_by(self.tree)))}

    def run(self, seconds: float, folder: str, caches: dict[str, str]) -> dict[str, Any]:
        """Run the program, and say what was seen."""
        here = str(Path.cwd())
        _link(folder, here)
        for name, place in caches.items():
            with contextlib.suppress(OSError):
                (Path(here) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(here) / name).symlink_to(place)
        sys.path.insert(0, here)
        load_libraries(list(dict.fromkeys(_imports(self.tree, Path(here)))))
        keras = sys.modules.get("keras.src.backend.config")
        if hasattr(keras, "_KERAS_DIR"):  # as of the process that imported it, where this one cannot look
            keras._KERAS_DIR = str(Path(here) / ".keras")  # type: ignore[union-attr]
        program = Program(self.name, self.tree, here)
        record = Record(program)
        loops = Loops(record, self.tree)
        tapes = self._install(record)
        module = self._module(loops)
        printed = Tail()
        with captured(self.budget.output), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            ending = self._run(module, seconds)
        if tapes is not None:
            with record.probing("the end"):
                tapes.finish()
        with record.probing("the end"):
            loops.finish()
        return {**record.tree(), **ending, "printed": printed.getvalue(), "picks": _picks_best(self.tree)}

    def _install(self, record: Record) -> Tapes | None:
        from autograder.diagnosing.beside import arrays

        arrays.install(record)
        Rows(record).install()
        if not is_loaded() and "tensorflow" not in sys.modules:
            return None
        tapes = Tapes(record)
        with record.probing("watching Keras"):  # it may be there without TensorFlow
            Fits(record).install()
            tapes.install()
        return tapes

    def _module(self, loops: Loops) -> ModuleType:
        """The module in which it runs, as `python FILE` would have it."""
        module = sys.modules["__main__"] = ModuleType("__main__")
        module.__file__ = self.name
        setattr(module, SEEN, loops.turn)
        module.__dict__.update(get_ipython=lambda: None, display=print)
        linecache.cache[self.name] = (len(self.source), None, self.source.splitlines(keepends=True), self.name)
        sys.argv = [self.name]
        return module

    def _run(self, module: ModuleType, seconds: float) -> dict[str, Any]:
        """How it ended: what it raised, at which line, or that its time was up."""
        Generators().start()
        try:
            code = compile(watched(self.tree), self.name, "exec", dont_inherit=True)
            with at_most(seconds):
                exec(code, module.__dict__)  # noqa: S102 - running the program is what this worker is for
        except SlowError:
            return {"ending": "stopped", "error": "", "error line": 0}
        except SystemExit as error:
            return {"ending": "ran", "error": "" if not error.code else f"it ends with status {error.code}", "error line": 0}
        except BaseException as error:
            lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == self.name]
            text = text_about(error)
            return {"ending": "raised", "error": f"{type(error).__name__}: {text}", "error line": lines[-1] if lines else 0}
        return {"ending": "ran", "error": "", "error line": 0}


def _picks_best(tree: ast.Module) -> bool:
    """Whether a program compares with the best so far, or takes the best of several."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and "best" in ast.unparse(node).lower():
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in TAKES_BEST:
            text = ast.unparse(node).lower()
            if any(word in text for word in ("score", "acc", "result", "loss", "err")):
                return True
    return False


class Tail(io.TextIOBase):
    """A place for prints that keeps the last characters: a training may print for long."""

    def __init__(self) -> None:
        self.text = ""
        self.count = 0

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what comes last."""
        self.count += len(text)
        self.text = (self.text + str(text))[-PRINTED_LAST:]
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return self.text if self.count <= PRINTED_LAST else f"…{self.text}"


def _imports(tree: ast.Module, folder: Path, deep: int = 3) -> Iterator[str]:
    """The libraries that a program imports, and those of the modules beside it that it imports."""
    yield from imported_by(tree)
    for node in ast.walk(tree) if deep else []:
        names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for name in names:
            path = folder / f"{name.partition('.')[0]}.py"
            with contextlib.suppress(OSError, ValueError, SyntaxError, RecursionError, MemoryError):
                if path.is_file():
                    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), folder, deep - 1)


def _link(folder: str, here: str) -> None:
    """Have the program find the files of its folder where it runs; what it writes stays in a folder of its own."""
    for path in sorted(Path(folder).iterdir())[:500] if folder else []:
        with contextlib.suppress(OSError):
            (Path(here) / path.name).symlink_to(path)
