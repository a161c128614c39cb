"""Stubs: a reference without whatever answers the assignment.

Kept are docstrings, imports, the signatures of public functions and classes, and plain data. Each body of a function or a
method becomes `raise NotImplementedError`; what is private is left out. Whatever else a module or a class may hold (a value that
is computed, a lambda, a loop, code under `if __name__ == "__main__"`) is left out as well, and told, for the author to decide:

    TAU = 2 * np.pi  # stub: keep
    WEIGHTS = [0.5, -1.0]  # stub: omit
    def draw(points):  # stub: keep

A paragraph of a docstring that begins with "Derivation:" is the task, and left out.

A function that students are to repair stays whole, with the mistake in it (see `derive.stub`).
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from autograder.text.errors import FaultError

BODY = "raise NotImplementedError"
KEEP, OMIT = "keep", "omit"
DERIVATION = re.compile(r"^([ \t]*)Derivation:.*\n(?:\1[ \t]+.*\n)*", re.MULTILINE)  # and the lines that stand deeper
MARK = re.compile(r"[ \t]*#\s*stub:\s*(keep|omit)\b[^\n]*")
DATA_CALLS = (  # of data alone they compute nothing that is an answer
    *("array", "asarray", "constant", "float32", "float64", "int32", "int64"),
    *("frozenset", "set", "tuple", "list", "dict", "MappingProxyType", "field", "auto", "TypeVar", "NewType", "namedtuple"),
)
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CODE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr, ast.Await, ast.Yield)


class StubError(FaultError):
    """A reference of which no stub can be made; the message is one sentence for its author."""


@dataclass(frozen=True)
class Line:
    """A statement of the reference that is neither a function, a class nor an import.

    Attributes:
        number: where it stands.
        text: its first line.
        kept: whether the stub has it.
        decided: whether the author has said so, by `# stub: keep` or `# stub: omit`.
        why: what it is, to fit behind "it is": "computed", "a loop".
    """

    number: int
    text: str
    kept: bool
    decided: bool
    why: str


@dataclass(frozen=True)
class Stub:
    """What students get of a reference, and the statements that an author may have another opinion on."""

    text: str
    lines: tuple[Line, ...] = ()

    @property
    def undecided(self) -> tuple[Line, ...]:
        """What was left out without the author having said so; the usual `if __name__ == "__main__"` is no question."""
        return tuple(line for line in self.lines if not line.kept and not line.decided and line.why != "a program")


def stub_of(source: str, name: str, whole: Collection[str] = ()) -> Stub:
    """The stub of a reference.

    Args:
        source: its text.
        name: of the file, for messages.
        whole: functions that students get as they stand there.

    Raises:
        StubError: the reference is no Python, or a public function has no docstring.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise StubError(f"{name} must be Python. Received: {error.msg} (line {error.lineno})") from None
    writer = _Writer(source, name, tree, frozenset(whole))
    body = writer.block(tree.body, indent="", first=1, last=len(writer.lines), inside="")
    text = re.sub(r"\n{4,}", "\n\n\n", "".join(body)).rstrip("\n") + "\n"
    return Stub(text, tuple(writer.told))


def derived_in(source: str) -> set[str]:
    """The functions at the top of a reference whose docstring has a derivation."""
    defined = (node for node in ast.parse(source).body if isinstance(node, FUNCTIONS))
    return {node.name for node in defined if DERIVATION.search(f"{ast.get_docstring(node, clean=False) or ''}\n")}


@dataclass
class _Writer:
    """Writes a reference again, without its bodies."""

    source: str
    name: str
    tree: ast.Module
    whole_ones: frozenset[str] = frozenset()
    told: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.source.splitlines(keepends=True)
        self.comments = _comments(self.source)
        defined = [node for node in self.tree.body if isinstance(node, (*FUNCTIONS, ast.ClassDef))]
        self.functions = {node.name for node in defined if isinstance(node, FUNCTIONS)}
        self.needed = _needed(defined)  # private classes
        private = [node.name for node in defined if _private(node.name) and node.name not in self.needed]
        self.gone = set(private)
        self.evaluated = {
            part.id for node in defined for one in _evaluated(node) for part in ast.walk(one) if isinstance(part, ast.Name)
        }
        self.annotated = {
            part.id
            for node in defined
            for one in ast.walk(node)
            for hint in _hints(one)
            for part in ast.walk(hint)
            if isinstance(part, ast.Name)
        }

    def block(self, body: list[ast.stmt], *, indent: str, first: int, last: int, inside: str) -> list[str]:
        """The statements of a module or a class, with the blank lines and comments between those that stay."""
        written: list[str] = []
        line = first
        for position, node in enumerate(body):
            start, end = _first(node), node.end_lineno or node.lineno
            pieces = self.statement(node, position, indent, inside)
            alone = position + 1 == len(body) or _first(body[position + 1]) > end
            between = self.between(line, start, indent)
            if not pieces:
                while between and between[-1].strip():
                    between.pop()  # a remark on what is left out
            if indent and written[-1:] == ["\n"] == between[:1]:
                between = between[1:]  # what is left out leaves no gap in a class
            written += between + pieces
            line = max(line, end + 1 if alone else end)
        return written + self.between(line, last + 1, indent)

    def between(self, first: int, end: int, indent: str) -> list[str]:
        """Blank lines and the comments of this depth; a deeper one belongs to a body."""
        found = []
        for number in range(first, end):
            text = self.lines[number - 1]
            column = len(text) - len(text.lstrip())
            if not text.strip() or (number in self.comments and text.lstrip().startswith("#") and column == len(indent)):
                found.append(text if text.strip() else "\n")
        return found

    def statement(self, node: ast.stmt, position: int, indent: str, inside: str) -> list[str]:
        """The lines of a statement that stay."""
        marked = self.mark(node)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and (marked == KEEP or (not inside and node.name in self.whole_ones)):
            return self.whole(node, indent)  # given to students, solved or with a mistake in it
        if isinstance(node, FUNCTIONS):
            private = _private(node.name)
            return [] if private or marked == OMIT else self.function(node, indent, inside)
        if isinstance(node, ast.ClassDef):
            private = _private(node.name) and node.name not in self.needed
            return [] if private or marked == OMIT else self.klass(node, indent, inside)
        if isinstance(node, ast.Import | ast.ImportFrom) or (position == 0 and _is_text(node)):
            return self.whole(node, indent)
        kept, why = self.judged(node, inside)
        if marked:
            kept = marked == KEEP
        if isinstance(node, ast.Pass):
            return self.whole(node, indent)
        self.told.append(Line(node.lineno, ast.unparse(node).partition("\n")[0], kept, bool(marked), why))
        if kept:
            return self.whole(node, indent)
        if inside and isinstance(node, ast.AnnAssign):  # the field of a dataclass stays one
            bare = ast.AnnAssign(node.target, node.annotation, None if node.value is None else ast.Constant(...), node.simple)
            return [f"{indent}{ast.unparse(bare)}\n"]
        bound = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        return [f"{indent}{name} = ...\n" for name in dict.fromkeys(bound) if not inside and name in self.evaluated]

    def judged(self, node: ast.stmt, inside: str) -> tuple[bool, str]:
        """Whether a statement may stand in a stub without its author saying so, and what it is."""
        match node:
            case ast.Assign(targets=[*targets], value=value) if all(_plain_target(target) for target in targets):
                names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
                return self.value(names, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                return (True, "a declaration") if value is None else self.value([name], value)
            case ast.If(test=test, body=body, orelse=[]) if _is_type_checking(test):
                return all(isinstance(one, ast.Import | ast.ImportFrom) for one in body), "a condition"
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                return False, "a program"
            case ast.Try():
                return _imports_only(node), "an attempt"
            case ast.Expr(value=ast.Constant(value=str())):
                return True, "a text"  # what an attribute is, below it
        if type(node).__name__ == "TypeAlias":
            return True, "an alias of a type"
        return False, WORDS.get(type(node), "code that runs when the file is imported")

    def value(self, names: list[str], value: ast.expr) -> tuple[bool, str]:
        if any(isinstance(part, CODE) for part in ast.walk(value)):
            return False, "code"
        if _is_data(value):
            return True, "data"
        if self.annotated & set(names) and _is_alias(value):
            return True, "an alias of a type"
        return False, "computed"

    def function(self, node: Function, indent: str, inside: str) -> list[str]:
        """Decorators, signature and docstring."""
        if ast.get_docstring(node) is None and not inside:
            raise StubError(f"{self.name}: `{node.name}` needs a docstring, because students see only that")
        decorators = self.decorators(node, indent)
        deeper = f"{indent}    "
        return [*decorators, *self.head(node, indent), *self.docstring(node, deeper), f"{deeper}{BODY}\n"]

    def klass(self, node: ast.ClassDef, indent: str, inside: str) -> list[str]:
        """A class: its head and docstring, its data, and its methods as stubs."""
        deeper = f"{indent}    "
        text = self.docstring(node, deeper)
        rest = node.body[1:] if text else node.body
        head = [*self.decorators(node, indent), *self.head(node, indent), *text]
        if not rest:
            return head
        if any(_first(one) == node.lineno for one in node.body):  # all in one line
            body = [piece for place, one in enumerate(rest, 1) for piece in self.statement(one, place, deeper, node.name)]
        else:
            first = (node.body[0].end_lineno or 0) + 1 if text else _signature_end(node, self.source) + 1
            body = self.block(rest, indent=deeper, first=first, last=node.end_lineno or 0, inside=node.name)
        if not text and not any(piece.strip() and not piece.lstrip().startswith("#") for piece in body):
            body = [*body, f"{deeper}pass\n"]
        return head + body

    def decorators(self, node: Function | ast.ClassDef, indent: str) -> list[str]:
        """The decorators that are names, or calls with data; what this module defines would run, and is empty now."""
        kept = []
        for decorator in node.decorator_list:
            names = {part.id for part in ast.walk(decorator) if isinstance(part, ast.Name)}
            setter = isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "getter", "deleter")
            plain = _is_name(decorator) or (isinstance(decorator, ast.Call) and _is_name(decorator.func) and _of_data(decorator))
            if setter or (plain and not names & (self.functions | self.gone)):
                kept.append(f"{indent}@{ast.unparse(decorator)}\n")
            else:
                self.told.append(Line(decorator.lineno, f"@{ast.unparse(decorator)}".partition("\n")[0], False, False, "code"))
        return kept

    def head(self, node: Function | ast.ClassDef, indent: str) -> list[str]:
        """The lines up to the colon, as they stand; written anew where a default holds code, or a remark stands among them."""
        defaults = [] if isinstance(node, ast.ClassDef) else [*node.args.defaults, *node.args.kw_defaults]
        coded = [one for one in defaults if one is not None and not self.is_default(one)]
        end = _signature_end(node, self.source)
        lines = self.lines[node.lineno - 1 : end]
        own = self.indented(node, indent)
        if (
            own
            and not coded
            and lines[-1].rstrip().endswith(":")
            and not any(n in self.comments for n in range(node.lineno, end + 1))
        ):
            return lines
        for one in coded:
            text = ast.unparse(one).partition("\n")[0]
            self.told.append(Line(one.lineno, f"{node.name}(…={text})", False, False, "code"))
        empty = _without_body(node, coded)
        return [f"{indent}{line}\n" for line in ast.unparse(empty).splitlines()[:-1]]

    def is_default(self, value: ast.expr) -> bool:
        """Whether a default may be shown: data, a name, an attribute, or a call of one with such arguments."""
        parts = list(ast.walk(value))
        if any(isinstance(part, CODE) or (isinstance(part, ast.Name) and part.id in self.gone) for part in parts):
            return False
        return _is_data(value) or _is_name(value) or (isinstance(value, ast.Call) and _is_name(value.func) and _of_data(value))

    def docstring(self, node: Function | ast.ClassDef, indent: str) -> list[str]:
        """The docstring as it stands, without what else is in its lines, and without what students are to derive."""
        if not _is_text(node.body[0]):
            return []
        text = ast.get_source_segment(self.source, node.body[0]) or ""
        return [f"{indent}{DERIVATION.sub('', text)}\n"]

    def whole(self, node: ast.stmt, indent: str) -> list[str]:
        """A statement as it stands, with the remark behind it; its own text only, where it shares a line with others."""
        lines = self.lines[_first(node) - 1 : node.end_lineno]
        last = lines[-1].encode()[node.end_col_offset or 0 :].decode()
        if not self.indented(node, indent) or (last.strip() and not last.lstrip().startswith("#")):
            return [f"{indent}{line}\n" for line in ast.unparse(node).splitlines()]
        text = "".join(lines)
        return [text if text.endswith("\n") else f"{text}\n"] if not self.mark(node) else [_unmarked(text)]

    def indented(self, node: ast.stmt, indent: str) -> bool:
        """Whether nothing but this stands before a statement in its line."""
        if _first(node) < node.lineno:
            return self.lines[_first(node) - 1].startswith(f"{indent}@")
        return self.lines[node.lineno - 1].encode()[: node.col_offset].decode() == indent

    def mark(self, node: ast.stmt) -> str:
        """What the author says behind a statement's first or last line, "" for nothing."""
        for number in (node.lineno, node.end_lineno or node.lineno):
            found = MARK.match(self.comments.get(number, ""))
            if found:
                return found[1]
        return ""


WORDS: dict[type[ast.stmt], str] = {
    ast.For: "a loop",
    ast.While: "a loop",
    ast.If: "a condition",
    ast.With: "code",
    ast.Assign: "computed",
    ast.AugAssign: "computed",
    ast.AnnAssign: "computed",
    ast.Assert: "code",
}


def _comments(source: str) -> dict[int, str]:
    """The comment of each line that has one."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _unmarked(text: str) -> str:
    return "".join(f"{MARK.sub('', line.rstrip())}\n" for line in text.splitlines())


def _needed(defined: list[Function | ast.ClassDef]) -> set[str]:
    """The names of classes that what is public is made from, or is annotated with."""
    classes = {node.name: node for node in defined if isinstance(node, ast.ClassDef)}
    waiting: list[Function | ast.ClassDef] = [node for node in defined if not _private(node.name)]
    needed: set[str] = set()
    while waiting:
        used = [*_evaluated(node := waiting.pop()), *(hint for one in ast.walk(node) for hint in _hints(one))]
        names = {part.id for one in used for part in ast.walk(one) if isinstance(part, ast.Name)} & classes.keys()
        waiting += [classes[name] for name in names - needed]
        needed |= names
    return needed


def _evaluated(node: Function | ast.ClassDef) -> Iterator[ast.expr]:
    """What runs when the head of a function or class is read: defaults, bases; and of a class, its methods' too."""
    if isinstance(node, ast.ClassDef):
        yield from node.bases
        yield from (keyword.value for keyword in node.keywords)
        for one in node.body:
            if isinstance(one, (*FUNCTIONS, ast.ClassDef)):
                yield from _evaluated(one)
    else:
        yield from node.args.defaults
        yield from (value for value in node.args.kw_defaults if value is not None)


def _hints(node: ast.AST) -> Iterator[ast.expr]:
    """The annotations of a function, a parameter or a field."""
    hint = node.returns if isinstance(node, FUNCTIONS) else getattr(node, "annotation", None)
    if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
        try:
            yield ast.parse(hint.value, mode="eval").body
        except SyntaxError:
            return
    elif isinstance(hint, ast.expr):
        yield hint


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in _decorators(node))])


def _decorators(node: ast.stmt) -> list[ast.expr]:
    return node.decorator_list if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else []


def _private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _imports_only(node: ast.Try) -> bool:
    """Whether a `try` only looks for a library, and has `None` where it is missing."""
    handled = [one for handler in node.handlers for one in handler.body]
    fallback = (ast.Import, ast.ImportFrom, ast.Pass)
    return all(isinstance(one, ast.Import | ast.ImportFrom) for one in node.body) and all(
        isinstance(one, fallback) or (isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant))
        for one in (*handled, *node.orelse, *node.finalbody)
    )


def _plain_target(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Tuple) and all(map(_plain_target, node.elts)))


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_name(node.value))


def _is_alias(node: ast.expr) -> bool:
    """Whether an expression can only name a type: `dict[str, np.ndarray]`, `Array | None`."""
    match node:
        case ast.Subscript(value=value, slice=index):
            return _is_alias(value) and all(map(_is_alias, index.elts if isinstance(index, ast.Tuple) else [index]))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_alias(left) and _is_alias(right)
        case ast.List(elts=elements):
            return all(map(_is_alias, elements))
    return _is_name(node) or isinstance(node, ast.Constant)


def _is_data(node: ast.expr) -> bool:
    """Whether an expression is data, written out: numbers, texts, containers of them, arrays of those."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _is_data(operand)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return all(map(_is_data, elements))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and _is_data(key) for key in keys) and all(map(_is_data, values))
        case ast.Call(func=func) if _is_name(func):
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            return name in DATA_CALLS and _of_data(node)
    return False


def _of_data(node: ast.Call) -> bool:
    """Whether the arguments of a call are data, or names of types."""
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    return all(_is_data(value) or _is_name(value) for value in values)


def _signature_end(node: Function | ast.ClassDef, source: str) -> int:
    """The line of the colon that ends a signature."""
    lines = source.splitlines(keepends=True)[node.lineno - 1 :]
    depth = 0
    for token in tokenize.generate_tokens(iter(lines).__next__):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == ":" and not depth:
                return node.lineno + token.start[0] - 1
    raise AssertionError  # it was parsed


def _without_body(node: Function | ast.ClassDef, coded: list[ast.expr]) -> ast.stmt:
    """The same signature without a body; `...` in place of a default that holds code."""
    if isinstance(node, ast.ClassDef):
        return ast.ClassDef(name=node.name, bases=node.bases, keywords=node.keywords, body=[ast.Pass()], decorator_list=[])
    shown = {id(one): ast.Constant(...) for one in coded}
    given = node.args
    arguments = ast.arguments(
        posonlyargs=given.posonlyargs,
        args=given.args,
        vararg=given.vararg,
        kwonlyargs=given.kwonlyargs,
        kw_defaults=[None if one is None else shown.get(id(one), one) for one in given.kw_defaults],
        kwarg=given.kwarg,
        defaults=[shown.get(id(one), one) for one in given.defaults],
    )
    new = type(node)(name=node.name, args=arguments, body=[ast.Pass()], decorator_list=[], returns=node.returns)
    return ast.fix_missing_locations(ast.copy_location(new, node))
