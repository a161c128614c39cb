"""Methods: how a check calls a method of a class that a student writes.

    Outputs("Perceptron.fit", state=("w",), …)      Perceptron(rate=0.1).fit(X=…, y=…), and then its `w`

The contract says which inputs the method takes; all others are for the constructor. A new object is made for each case.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from inspect import Parameter
from types import ModuleType
from typing import Any

from autograder.checks.binding import Bound, parameters_of
from autograder.observation import Observation, Odd, flatten

NOT_THERE = Odd("not there", known=True)


def found_at(module: ModuleType, path: str) -> Any:
    """What stands at a dotted path in a module, such as "Perceptron.fit"; None if there is nothing."""
    found: Any = module
    for part in path.split("."):
        found = getattr(found, part, None)
        if found is None:
            return None
    return found


def called(module: ModuleType, path: str, inputs: Mapping[str, Any], before: Sequence[str] = ()) -> tuple[Any, Any]:
    """Make an object of a class and call its methods.

    Args:
        module: the implementation.
        path: "Perceptron.fit".
        inputs: the arguments of the constructor and of all methods, by name.
        before: methods that are called first, such as ("fit",).

    Returns:
        The object, and what the last method returned.

    Raises:
        UnfitError: the class or a method does not take its inputs.
    """
    name, method = path.split(".")
    contract: Mapping[str, str] = vars(module).get("_contract", {})
    made = getattr(module, name)
    paths = [f"{name}.{one}" for one in (*before, method)]
    taken = {one: _names(contract.get(one), found_at(module, one)) for one in paths}
    of_methods = {key for names in taken.values() for key in names}
    own = _names(contract.get(name), made)
    to_make = {key: value for key, value in inputs.items() if key in own or key not in of_methods}
    instance = Bound(made, name, contract.get(name, ", ".join(to_make)))(**to_make)
    answer = None
    for one in paths:
        given = {key: value for key, value in inputs.items() if key in taken[one]}
        answer = Bound(getattr(instance, one.split(".")[1]), one, contract.get(one, ", ".join(given)))(**given)
    return instance, answer


def observed(instance: Any, answer: Any, returns: tuple[str, ...], state: Sequence[str]) -> Observation:
    """What a method returned, and the attributes in `state` as they are afterwards; a returned `self` is no answer."""
    silent = answer is instance or (answer is None and state)
    seen = {} if silent and state else dict(flatten(answer, returns))
    for name in state:
        there = hasattr(instance, name)
        seen |= flatten(getattr(instance, name), (name,)) if there else {name: NOT_THERE}
    return seen


def call_of(path: str, texts: Mapping[str, str], before: Sequence[str], contract: Mapping[str, str]) -> str:
    """The call of a method as a student can copy it, in as many lines as there are calls.

    >>> call_of("P.fit", {"rate": "0.1", "x": "2"}, (), {"P": "rate", "P.fit": "x"})
    'P(rate=0.1).fit(x=2)'
    """
    name, method = path.split(".")
    paths = [f"{name}.{one}" for one in (*before, method)]
    taken = {one: set(parameters_of(contract[one]).parameters) if one in contract else set() for one in paths}
    own = set(parameters_of(contract[name]).parameters) if name in contract else set()
    of_methods = {key for names in taken.values() for key in names}
    made = _call(name, {key: text for key, text in texts.items() if key in own or key not in of_methods})
    calls = [_call(one.split(".")[1], {key: text for key, text in texts.items() if key in taken[one]}) for one in paths]
    if len(calls) == 1:
        return f"{made}.{calls[0]}"
    variable = "it"
    return "\n".join([f"{variable} = {made}", *(f"{variable}.{call}" for call in calls)])


def _call(name: str, texts: Mapping[str, str]) -> str:
    return f"{name}({', '.join(f'{key}={text}' for key, text in texts.items())})"


def _names(contract: str | None, function: Any) -> set[str]:
    """The parameters that a function takes: those of its contract, or else its own."""
    if contract is not None:
        return set(parameters_of(contract).parameters)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return set()
    return {one.name for one in parameters if one.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)} - {"self"}
