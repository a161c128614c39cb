"""Binding: a student's function called by the contract, whatever its parameters are called.

    contract   conv2d(x, kernel, stride=1)
    student    conv2d(images, W, stride=1)      x is `images` and kernel is `W`: they stand where the contract has them

A parameter of the contract's name is that parameter wherever it stands; one of another name is the one in whose position it
stands. Where the two disagree, nobody can tell which is meant, and the sentence says which name to keep.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any

VARIABLE = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


class UnfitError(TypeError):
    """A student's function cannot be called with the arguments of the case."""


@functools.lru_cache(maxsize=256)
def parameters_of(text: str) -> Signature:
    """The signature that a contract's text tells, such as "x, rate, *, seed=0"; a default that is no literal is `...`.

    Raises:
        SyntaxError: it is none.
    """
    arguments = ast.parse(f"def f({text}): ...").body[0].args  # type: ignore[attr-defined]
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    kind = Parameter.POSITIONAL_OR_KEYWORD
    found = [
        Parameter(argument.arg, kind, default=_value_of(arguments.defaults[place - first]) if place >= first else Parameter.empty)
        for place, argument in enumerate(positional)
    ]
    if arguments.vararg:
        found.append(Parameter(arguments.vararg.arg, Parameter.VAR_POSITIONAL))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(
            Parameter(argument.arg, Parameter.KEYWORD_ONLY, default=Parameter.empty if default is None else _value_of(default))
        )
    if arguments.kwarg:
        found.append(Parameter(arguments.kwarg.arg, Parameter.VAR_KEYWORD))
    return Signature(found)


def _value_of(default: ast.expr) -> Any:
    try:
        return ast.literal_eval(default)
    except (ValueError, TypeError):
        return ...


@dataclass(frozen=True)
class Fit:
    """How a function takes the parameters of its contract.

    Attributes:
        theirs: the function's own signature.
        contract: the signature of the contract.
        names: the function's parameter for each of the contract's that has one.
        unclear: pairs (the contract's name, a parameter of the function that may or may not be it).
    """

    theirs: Signature
    contract: Signature
    names: Mapping[str, str]
    unclear: tuple[tuple[str, str], ...] = ()

    @functools.cached_property
    def renamed(self) -> dict[str, str]:
        """The contract's parameters that have another name or another place in this function."""
        own = list(self.theirs.parameters)
        places = enumerate(self.contract.parameters)
        any_name = any(p.kind is Parameter.VAR_KEYWORD for p in self.theirs.parameters.values())
        named = {name: name for name, p in self.contract.parameters.items() if p.kind not in VARIABLE} if any_name else {}
        names = {
            name: theirs for name, theirs in (named | dict(self.names)).items() if name in self.names or name not in self.by_place
        }
        return {
            name: names[name]
            for place, name in places
            if name in names and (names[name] != name or own[place : place + 1] != [name])
        }

    @functools.cached_property
    def by_place(self) -> tuple[str, ...]:
        """The contract's parameters that can be handed over by position only, in the order of this function."""
        slots = [p for p in self.theirs.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        tail: list[str] = []
        if any(p.kind is Parameter.VAR_POSITIONAL for p in self.theirs.parameters.values()):
            wanted = [p.name for p in self.contract.parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
            tail = [name for name in wanted if name not in self.names]  # taken by *args
        of = {theirs: name for name, theirs in self.names.items()}
        return (*(of[p.name] for p in slots if p.name in of and (tail or p.kind is p.POSITIONAL_ONLY)), *tail)


def fit(theirs: Signature, contract: Signature) -> Fit:
    """Find the parameter of a function for each parameter of its contract: by name, else by position."""
    own = [p for p in theirs.parameters.values() if p.kind not in VARIABLE]
    wanted = [p for p in contract.parameters.values() if p.kind not in VARIABLE]
    names = {p.name: p.name for p in wanted if p.name in theirs.parameters and theirs.parameters[p.name] in own}
    spare = {p.name: p for p in own if p.name not in contract.parameters}
    for place, parameter in enumerate(wanted):
        here = own[place] if place < len(own) else None
        if (
            parameter.name not in names
            and here is not None
            and here.name in spare
            and not _optional_instead(parameter, here, spare)
        ):
            names[parameter.name] = here.name
            del spare[here.name]
    for parameter in wanted:
        same = next((name for name in spare if name.casefold() == parameter.name.casefold()), None)
        if parameter.name not in names and same is not None:
            names[parameter.name] = same
            del spare[same]
    missing = [p.name for p in wanted if p.name not in names]
    return Fit(theirs, contract, names, tuple(zip(missing, spare, strict=False)))


def _optional_instead(wanted: Parameter, here: Parameter, spare: Mapping[str, Parameter]) -> bool:
    """Whether a parameter with a default stands where a required one is expected, while a required one stands elsewhere."""
    required = any(p.default is Parameter.empty for p in spare.values())
    return wanted.default is Parameter.empty and here.default is not Parameter.empty and required


class Bound:
    """A student's function that takes the arguments of its contract."""

    def __init__(self, function: Callable[..., Any], name: str, contract: str | None) -> None:
        functools.update_wrapper(self, function, updated=())
        self.function = function
        self._name = name
        self._contract = contract

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it.

        Raises:
            UnfitError: it does not take these arguments; the text says which name or number of parameters is expected.
        """
        found = self.fit if self._contract is not None else self._fit_to(named)
        if found is None:  # a callable without a signature: let it try
            return self.function(*arguments, **named)
        positional, by_name = self._placed(found, arguments, named)
        return self.function(*positional, **by_name)

    @functools.cached_property
    def fit(self) -> Fit | None:
        """How it takes the contract's parameters; None without a contract, or for a callable without a signature."""
        return None if self._contract is None else self._fit(parameters_of(self._contract))

    def _fit_to(self, names: Iterable[str]) -> Fit | None:
        """How it takes parameters of these names in this order: the best guess where no contract is known."""
        return self._fit(Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]))

    def _fit(self, contract: Signature) -> Fit | None:
        try:
            return fit(inspect.signature(self.function), contract)
        except (TypeError, ValueError):
            return None

    def _placed(self, found: Fit, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as the student's function takes them."""
        places = [p.name for p in found.contract.parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
        given = dict(zip(places, arguments, strict=False)) | dict(named)
        theirs = found.theirs.parameters
        values: dict[str, Any] = {}
        rest: dict[str, Any] = {}  # what has no parameter of its own: for *args and **kwargs
        for name, value in given.items():
            own = found.names.get(name, name)
            (values if own in theirs and theirs[own].kind not in VARIABLE else rest)[own] = value
        kinds = {p.kind for p in theirs.values()}
        slots = [p.name for p in theirs.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        further = list(arguments[len(places) :])
        free = [name for name in slots if name not in values and name not in found.names.values()]
        while further and free:  # the contract's *others, where the student has written single parameters
            values[free.pop(0)] = further.pop(0)
        tail: list[Any] = []
        if Parameter.VAR_POSITIONAL in kinds:
            waiting = [p for p in found.contract.parameters.values() if p.name in places and p.name not in found.names]
            while waiting and (waiting[0].name in rest or (rest and _known(waiting[0].default))):
                tail.append(rest.pop(waiting[0].name, waiting[0].default))
                del waiting[0]
            tail, further = tail + further, []
        lacking = [p.name for p in theirs.values() if p.kind not in VARIABLE and p.default is p.empty and p.name not in values]
        gap = bool(tail) and any(name not in values for name in slots)
        if further or gap or lacking or (rest and Parameter.VAR_KEYWORD not in kinds):
            raise UnfitError(self._unfit(found, given))
        bound = inspect.BoundArguments(found.theirs, {name: values[name] for name in theirs if name in values})
        return (*bound.args, *tail), {**bound.kwargs, **rest}

    def _unfit(self, found: Fit, given: Mapping[str, Any]) -> str:
        takes = _shown(found.theirs)
        wanted = f"({self._contract})" if self._contract is not None else f"({', '.join(given)})"
        for name, theirs in found.unclear:
            if name in given:
                return f"keep the stub's name `{name}`; yours is `{theirs}` (`{self._name}` takes {takes}; expected {wanted})"
        return f"`{self._name}` takes {takes}; expected {wanted}"


def _known(default: Any) -> bool:
    """Whether a default of the contract is one that its text tells, such as None or 0."""
    return default is not Parameter.empty and default is not ...


def _shown(signature: Signature) -> str:
    plain = [p.replace(annotation=Parameter.empty) for p in signature.parameters.values()]
    try:
        return str(Signature(plain))[:200]
    except Exception:  # a default whose `repr` raises
        return f"({', '.join(signature.parameters)})"[:200]


class Implementation(ModuleType):
    """A submission's module as a check sees it: each function is called by the contract, `module.f(x, rate=0.5)`.

    A function that is put into it, to watch what others call, is called by the contract as well, whatever names the
    student's own functions use for its parameters.
    """

    def __init__(self, module: ModuleType, contract: Mapping[str, str]) -> None:
        super().__init__(module.__name__)
        vars(self).update(_module=module, _contract=contract, _bound={})

    def __getattr__(self, name: str) -> Any:
        found = getattr(vars(self)["_module"], name)
        if name not in self._contract or not callable(found) or isinstance(found, type):  # a class: see `methods`
            return found
        before: Bound | None = self._bound.get(name)
        if before is None or before.function is not found:
            self._bound[name] = before = Bound(found, name, self._contract[name])
        return before

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Bound):
            value = value.function
        elif name in self._contract and callable(value):
            value = _by_contract(value, getattr(self, name, None))
        setattr(vars(self)["_module"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(vars(self)["_module"], name)

    def __dir__(self) -> list[str]:
        return dir(vars(self)["_module"])


def bound(module: ModuleType, function: str) -> Bound:
    """A function of a submission, to be called by its contract, or without one by the names and order of its arguments."""
    found = getattr(module, function)
    return found if isinstance(found, Bound) else Bound(found, function, None)


def contract_of(module: Implementation, function: str) -> str:
    """How a function is called by the contract, as its signature without brackets.

    Raises:
        KeyError: the contract does not have it.
    """
    contract: Mapping[str, str] = vars(module)["_contract"]
    return contract[function]


def names_of(module: ModuleType, function: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The contract's parameters that the student's function calls by another name, or has in another place.

    And those that it takes by position only.
    """
    try:
        found = getattr(module, function)
        return (found.fit.renamed, found.fit.by_place) if isinstance(found, Bound) and found.fit is not None else ({}, ())
    except Exception:  # a callable that is not what it seems: the call has told
        return {}, ()


def _by_contract(replacement: Callable[..., Any], original: Any) -> Callable[..., Any]:
    """A replacement that takes the contract's arguments, for callers that use the original's parameter names."""
    fitted = original.fit if isinstance(original, Bound) else None
    if fitted is None or not fitted.renamed:
        return replacement
    contract_name = {theirs: name for name, theirs in fitted.names.items()}
    theirs, places = list(fitted.theirs.parameters), list(fitted.contract.parameters)

    @functools.wraps(replacement)
    def translated(*arguments: Any, **named: Any) -> Any:
        positional: list[Any] = []
        by_name = {contract_name.get(name, name): value for name, value in named.items()}
        for place, value in enumerate(arguments):
            name = contract_name.get(theirs[place]) if place < len(theirs) else None
            if name is None or (place == len(positional) < len(places) and places[place] == name):
                positional.append(value)
            else:
                by_name[name] = value
        return replacement(*positional, **by_name)

    return translated
