"""A new assignment from a reference with docstrings: what can be guessed is written, what cannot is said.

Cases are guessed from type hints, defaults and the shapes in docstrings: `X (n_samples, n_features)`, `y : array of shape (n,)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from autograder.assignment import MILESTONE, PREDICTIONS, SpecError
from autograder.authoring.derive import stub
from autograder.authoring.templates import COUNT, HANDOUT, MISCONCEPTIONS, PREDICTED, REACHED, REACHING, SPEC, UNREACHED
from autograder.checks.contract import definitions_in

SIZES = (5, 3, 4, 2, 6, 7)  # of the axes that a docstring names, in the order in which they appear: no two are equal
SQUARE, ONE = 4, 1
CLASSES = 3
TOTAL = 100
TINY = 0.01  # a default below is there for safety; another one like it would change nothing
TENSORS = ("tf.", "Tensor")
Guess = tuple[str, str]  # the case's name, and the text of its inputs


@dataclass(frozen=True)
class Function:
    """A public function of a reference, and the cases that were guessed for it.

    Attributes:
        name: its name.
        line: where it stands in the file.
        signature: what a caller writes, for the handout.
        summary: the first line of its docstring.
        cases: the guesses, by name: Python text of the inputs.
        returns: names for the members of a returned tuple.
        tensors: whether it takes TensorFlow tensors.
        unknown: the parameter that could not be guessed, and why, or "".
        before: of a method, the one that is called first, or "".
        state: of a method that returns nothing, the attributes that it sets.
    """

    name: str
    line: int
    signature: str
    summary: str
    cases: tuple[Guess, ...]
    returns: tuple[str, ...] = ()
    tensors: bool = False
    unknown: str = ""
    before: str = ""
    state: tuple[str, ...] = ()


def functions_in(source: str, file: str) -> list[Function]:
    """The public functions of a reference, and the public methods of its classes.

    One without a docstring has no cases, and says so.

    Raises:
        SpecError: it is no Python, has no public function, or none that has a docstring.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise SpecError(f"{file} must be Python. Received: {error.msg} (line {error.lineno})") from None
    every = definitions_in(tree)
    public = {name: node for name, node in every.items() if not any(part.startswith("_") for part in name.split("."))}
    if not public:
        raise SpecError(f"{file} has no public function; an assignment needs at least one")
    if not any(map(ast.get_docstring, public.values())):
        name, node = next(iter(public.items()))
        raise SpecError(
            f"{file}, line {node.lineno}: `{name}` has no docstring, nor has any other public function. Students see only "
            "signatures and docstrings. Describe inputs, shapes and results; names with `_` before them are for yourself"
        )
    return [_method(name, every) if "." in name else _function(node) for name, node in public.items()]


def without_undocumented(functions: list[Function], source: str) -> str:
    """The reference with a mark at each function that has no docstring: it is left out of the stub."""
    lines = source.splitlines(keepends=True)
    for one in functions:
        if one.unknown == UNDOCUMENTED and "." not in one.name:
            line = lines[one.line - 1]
            lines[one.line - 1] = f"{line.rstrip()}  # stub: omit{line[len(line.rstrip()) :]}"
    return "".join(lines)


def write(
    functions: list[Function], source: str, *, name: str, file: str, title: str, failed: Container[tuple[str, str]] = ()
) -> dict[str, str]:
    """The files of a new assignment, by path below the course's folder; all but the points table in the handout.

    Args:
        functions: of the reference, as `functions_in` gives them.
        source: the reference.
        name: the assignment's folder, such as "hw7".
        file: the reference's file name.
        title: for people.
        failed: pairs (function, case) that the reference does not answer, and that are left out.
    """
    kept = {one.name: [case for case in one.cases if (one.name, case[0]) not in failed] for one in functions}
    asked = next((one for one in functions if kept[one.name] and "." not in one.name and not one.tensors), None)
    examples = _examples(asked, kept[asked.name][0], source, name) if asked else {}
    return {
        f"assignments/{name}/checks.py": _spec(functions, kept, source, name, file, title),
        **examples,
        f"assignments/{name}/README.md": _handout(functions, name, file, title, bool(examples)),
        f"assignments/{name}/{file}": stub(source, file),
        f"solutions/{name}/{file}": source,
        f"solutions/{name}/misconceptions.py": _misconceptions(functions, name),
    }


UNDOCUMENTED = (
    "it has no docstring, and students see only that and its signature. Describe inputs, shapes and result, "
    "or put `_` before its name if students should not write it"
)


def _method(name: str, every: Mapping[str, ast.FunctionDef]) -> Function:
    """A method: its cases hold the inputs of the constructor, too."""
    cls = name.partition(".")[0]
    method, made = every[name], every.get(f"{cls}.__init__")
    before = "fit" if name != f"{cls}.fit" and f"{cls}.fit" in every and _reads(method, every[f"{cls}.fit"]) else ""
    parts = [*([made] if made else []), *([every[f"{cls}.fit"]] if before else []), method]
    found = _function(_joined(name, parts))
    returned = [part.value for part in ast.walk(method) if isinstance(part, ast.Return) and part.value is not None]
    silent = not returned or all(isinstance(value, ast.Name) and value.id == "self" for value in returned)
    own = [argument.arg for argument in method.args.args[1:]]
    return replace(
        found,
        line=method.lineno,
        signature=f"{name}({', '.join(own)})",
        summary=(ast.get_docstring(method) or "").partition("\n")[0].rstrip("."),
        returns=_returned(method),
        before=before,
        state=tuple(sorted(_sets(method))) if silent else (),
        cases=found.cases if ast.get_docstring(method) else (),
        unknown=found.unknown if ast.get_docstring(method) else UNDOCUMENTED,
    )


def _joined(name: str, parts: list[ast.FunctionDef]) -> ast.FunctionDef:
    """One function with the parameters of several methods, without self, and the docstrings of all."""
    required: dict[str, ast.arg] = {}
    optional: dict[str, tuple[ast.arg, ast.expr]] = {}
    for node in parts:
        arguments = node.args.args[1:]
        first = len(arguments) - len(node.args.defaults)
        for place, argument in enumerate(arguments):
            if place < first:
                required[argument.arg] = argument
            else:
                optional[argument.arg] = argument, node.args.defaults[place - first]
    own = [one for key, one in optional.items() if key not in required]
    made = ast.parse(f"def {name.replace('.', '_')}(): ...").body[0]
    assert isinstance(made, ast.FunctionDef)  # noqa: S101 - as it is written above
    made.args.args = [*required.values(), *(argument for argument, _ in own)]
    made.args.defaults = [default for _, default in own]
    text = "\n\n".join(filter(None, map(ast.get_docstring, parts)))
    made.body = [ast.Expr(ast.Constant(text)), ast.Pass()]
    made.name = name
    return ast.fix_missing_locations(made)


def _sets(node: ast.FunctionDef) -> set[str]:
    """The public attributes that a method gives its object."""
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and ast.unparse(part.value) == "self"
        if not part.attr.startswith("_")
    }


def _reads(node: ast.FunctionDef, fit: ast.FunctionDef) -> bool:
    """Whether a method needs what another one sets; one that calls other methods of its own may."""
    read = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "self"}
    calls = {part.func.attr for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)}
    return bool(read & (_sets(fit) | calls))


# Guessing ----------------------------------------------------------------------------------------------------------


def _function(node: ast.FunctionDef) -> Function:
    text = ast.get_docstring(node) or ""
    parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    values = [*node.args.defaults, *(value for value in node.args.kw_defaults if value is not None)]
    required = len(parameters) - len(values)
    hints = " ".join(ast.unparse(parameter.annotation) for parameter in parameters if parameter.annotation)
    shapes = {parameter.arg: _shape_of(parameter.arg, text) for parameter in parameters}
    plain: dict[str, int] = {}
    for shape in shapes.values():
        for axis in shape or ():
            for word in re.findall(r"[A-Za-z_]\w*", axis):
                plain.setdefault(word, SIZES[len(plain) % len(SIZES)])
    first = next((axis for shape in shapes.values() if shape for axis in shape[:1] if axis in plain), "")
    kinds = {"typical": plain}
    if len(plain) > 1:
        kinds["square"] = dict.fromkeys(plain, SQUARE)
    if first:
        kinds["one row"] = {**plain, first: ONE}
    cases: list[Guess] = []
    unknown = ""
    drawn: dict[str, dict[str, str]] = {}
    for words, sizes in kinds.items():
        inputs = drawn.setdefault(words, {})
        for parameter in parameters[: max(required, 0)]:
            value = _value(parameter, shapes[parameter.arg], sizes, text)
            unknown = unknown or ("" if value else parameter.arg)
            inputs[parameter.arg] = value
        cases.append((words, _inputs(inputs)))
    if not unknown and values:
        given = dict(drawn["typical"])
        for parameter in parameters[required:]:
            default = values[parameters.index(parameter) - required]
            given[parameter.arg] = _other_than(default) or _value(parameter, shapes[parameter.arg], plain, text)
        given = {name: value for name, value in given.items() if value}
        if len(given) > len(drawn["typical"]):
            cases.append(("not the defaults", _inputs(given)))
    if node.args.vararg:
        unknown = unknown or f"*{node.args.vararg.arg}"
    documented = bool(text)
    return Function(
        name=node.name,
        line=node.lineno,
        signature=f"{node.name}({', '.join(parameter.arg for parameter in parameters)})",
        summary=text.partition("\n")[0].rstrip("."),
        cases=tuple(cases) if documented and not unknown else (),
        returns=_returned(node),
        tensors=any(word in hints for word in TENSORS),
        unknown=UNDOCUMENTED
        if not documented
        else f"`{unknown}` has neither a type hint that can be drawn nor a shape in the docstring"
        if unknown
        else "",
    )


def _shape_of(name: str, text: str) -> tuple[str, ...] | None:
    """The shape that a docstring gives for a parameter; None where it gives none."""
    axis = r"[A-Za-z_]\w*(?:\s*[-+*]\s*\d+)?|\d+"
    between = r"`?(?:,\s*\w+)*\s*(?::[^(\n]*|\bof shape\s*)?"
    found = re.search(rf"(?<!\w){re.escape(name)}\b{between}\(\s*((?:{axis})(?:\s*,\s*(?:{axis}))*)?\s*,?\s*\)", text)
    if found is None or (found[1] and re.fullmatch(r"int|float|str|bool|array|optional", found[1])):
        return None
    return tuple(part.strip() for part in found[1].split(",")) if found[1] else ()


def _value(parameter: ast.arg, shape: tuple[str, ...] | None, sizes: Mapping[str, int], text: str) -> str:
    """Python text that draws a value for a parameter; "" where it cannot be guessed."""
    hint = ast.unparse(parameter.annotation) if parameter.annotation else ""
    about = re.search(rf"(?<!\w){re.escape(parameter.arg)}\b[^;\n]*", text)
    words = about[0] if about else ""
    whole = bool(re.search(r"\bint(eger|64|32)?s?\b|\blabels?\b|whole numbers?|\{0, 1\}", words))
    if shape is not None:
        size = _size(shape, sizes)
        if whole or parameter.arg == "labels":
            return f"rng.integers(0, {2 if '{0, 1}' in words else CLASSES}, {size})"
        dtype = ".astype(np.float32)" if any(word in hint for word in TENSORS) else ""
        return f"np.round(rng.normal(size={size}), 2){dtype}" if size != "()" else "float(np.round(rng.normal(), 2))"
    if hint == "bool":
        return "True"
    if hint == "int":
        return "int(rng.integers(2, 6))"
    if hint == "float":
        return "float(np.round(rng.uniform(0.1, 0.9), 2))"
    if hint == "str":
        quoted = re.search(r"[\"'](\w+)[\"']", words)
        return f'"{quoted[1]}"' if quoted else ""
    if re.fullmatch(r"(list|tuple|Sequence)\[float(, \.\.\.)?\]", hint):
        return "np.round(rng.normal(size=4), 2).tolist()"
    return ""


def _size(shape: tuple[str, ...], sizes: Mapping[str, int]) -> str:
    numbers = []
    for axis in shape:
        text = re.sub(r"[A-Za-z_]\w*", lambda match: str(sizes[match[0]]), axis)
        left, sign, right = re.fullmatch(r"(\d+)(?:\s*([-+*])\s*(\d+))?", text).groups()  # type: ignore[union-attr]
        change = {"+": int(right or 0), "-": -int(right or 0)}.get(sign or "+", 0)
        numbers.append(int(left) * int(right) if sign == "*" else int(left) + change)
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"


def _other_than(default: ast.expr) -> str:
    """A value of the default's kind that is not the default; "" for what has no kind."""
    value = ast.literal_eval(default) if isinstance(default, ast.Constant) else None
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    if not isinstance(value, float):
        return ""
    return f"{1.5 * value:g}" if abs(value) > TINY else "0.25"


def _inputs(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"


def _returned(node: ast.FunctionDef) -> tuple[str, ...]:
    """Names for what a returned tuple holds."""
    returns = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
    last = returns[-1] if returns else None
    if not isinstance(last, ast.Tuple) or any(isinstance(element, ast.Starred) for element in last.elts):
        return ()
    names = [element.id if isinstance(element, ast.Name) else f"value {i}" for i, element in enumerate(last.elts, 1)]
    return tuple(names) if len(set(names)) == len(names) else tuple(f"value {i}" for i in range(1, len(names) + 1))


# Writing -----------------------------------------------------------------------------------------------------------


def _spec(functions: list[Function], kept: Mapping[str, list[Guess]], source: str, name: str, file: str, title: str) -> str:
    asked = [one for one in functions if kept[one.name]]
    cases, checks = [], []
    for one in functions:
        if not kept[one.name]:
            why = one.unknown.partition(".")[0] or "the reference raises an error for every guess"
            checks.append(f"        # TODO {one.name}: no cases could be guessed ({why}).\n")
            continue
        drawn = "".join(f'        "{words}": {inputs},\n' for words, inputs in kept[one.name])
        drawing = f"{one.name.replace('.', '_').lower()}_cases"
        cases.append(
            f"def {drawing}(rng):  # TODO edge cases of the docstring, untypical constants\n    return {{\n{drawn}    }}\n"
        )
        place = [other.name for other in asked].index(one.name)
        points = TOTAL // len(asked) + (place < TOTAL % len(asked))
        returns = f", returns={one.returns!r}".replace("'", '"') if one.returns else ""
        more = returns + (", tensors=True" if one.tensors else "")
        more += f", state={one.state!r}".replace("'", '"') if one.state else ""
        more += f', before=("{one.before}",)' if one.before else ""
        checks.append(
            f'        Outputs(\n            "{one.name}", on={drawing}, points={points}{more},\n'
            f'            hint="TODO one sentence on what to think about",\n        ),\n'
        )
    imports = '    imports=("tensorflow", "keras"),\n' if _imports_tensorflow(source) else ""
    return SPEC.format(
        name=name, title=title, file=file, imports=imports, cases="\n\n".join(cases), checks="".join(checks), quotes='"""'
    )


def _handout(functions: list[Function], name: str, file: str, title: str, milestone: bool) -> str:
    parts = "\n".join(f"### `{one.signature}`\n\n{one.summary}.\n\nTODO the equation, and why it matters.\n" for one in functions)
    end = REACHING.format(name=name) if milestone else UNREACHED
    return HANDOUT.format(name=name, title=title, file=file, count=len(functions), first=functions[0].name, parts=parts, end=end)


def _imports_tensorflow(source: str) -> bool:
    return bool(re.search(r"^\s*(import|from) (tensorflow|keras)\b", source, re.M))


def _examples(one: Function, case: Guess, source: str, name: str) -> dict[str, str]:
    """A question and a step of a milestone that suit any function, whatever the reference returns, by path."""
    imports = '            imports=("tensorflow", "keras"),\n' if _imports_tensorflow(source) else ""
    slug = "-".join(re.findall(r"[a-z0-9]+", one.name.lower())) or "result"
    texts = {PREDICTIONS: PREDICTED, MILESTONE: REACHED}
    about = {"name": name, "function": one.name, "slug": slug, "signature": one.signature, "inputs": case[1]}
    return {
        f"assignments/{name}/{file}": text.format(**about, imports=imports, count=COUNT.replace("QUOTES", '"""'), quotes='"""')
        for file, text in texts.items()
    }


def _misconceptions(functions: list[Function], name: str) -> str:
    return MISCONCEPTIONS.format(name=name, first=functions[0].name, quotes='"""')
