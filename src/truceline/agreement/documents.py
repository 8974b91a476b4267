"""YAML documents read safely, with the line of every key kept for the errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from truceline.core.types.errors import TermsError, Where

Model = TypeVar("Model", bound=BaseModel)

#: No agreement is longer than this.
LARGEST_BYTES = 2_000_000

#: Nor deeper: a document nested further is an attack or an accident.
DEEPEST = 40

Lines = dict[tuple[str | int, ...], int]


class FaultsError(TermsError):
    """All that is wrong with a document, at once.

    Attributes
    ----------
    faults : tuple of TermsError
        One for each place.
    """

    code = "terms"

    def __init__(self, faults: list[TermsError]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def read_document(path: Path, model: type[Model]) -> tuple[Model, Lines]:
    """Read a YAML file into a model.

    Returns
    -------
    model
        The typed document.
    lines : dict
        Line of every key, by its path in the document.
    """
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= LARGEST_BYTES else ""
    except (OSError, UnicodeDecodeError) as cause:
        raise TermsError(
            f"the file cannot be read: {cause}.",
            where=Where(str(path)),
            hint="Check path and encoding.",
        ) from cause
    if size > LARGEST_BYTES:
        raise TermsError(
            f"the file has {size} bytes; {LARGEST_BYTES} is the most.", where=Where(str(path))
        )
    return parse_document(text, str(path), model)


def parse_document(text: str, name: str, model: type[Model]) -> tuple[Model, Lines]:
    """Read YAML text into a model; see `read_document`."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise TermsError("the document is empty.", where=Where(name), hint="Write its terms.")
        lines: Lines = {}
        value = _plain(root, (), lines, name)
    except yaml.YAMLError as cause:
        mark = getattr(cause, "problem_mark", None)
        problem = getattr(cause, "problem", None) or str(cause).splitlines()[0]
        raise TermsError(
            f"this is not YAML: {problem}.",
            where=Where(name, row=None if mark is None else mark.line + 1),
            hint="Check indentation, colons and quotes there.",
        ) from cause
    except (RecursionError, ValueError, KeyError, TypeError, AttributeError) as cause:
        raise TermsError(f"the document cannot be read: {cause}.", where=Where(name)) from cause
    try:
        return model.model_validate(value), lines
    except ValidationError as cause:
        faults = [_fault(dict(error), lines, name, model) for error in cause.errors()]
        raise FaultsError(faults) from cause


def line_of(lines: Lines, path: tuple[str | int, ...]) -> int | None:
    """Return the line of a key, or of the nearest one above it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, name: str) -> object:
    if len(path) > DEEPEST:
        raise TermsError(
            "the document is nested too deeply.", where=Where(name, row=node.start_mark.line + 1)
        )
    lines[path] = node.start_mark.line + 1
    if len(lines) > 100_000:
        raise TermsError(
            "the document has too many entries; are aliases repeated?", where=Where(name)
        )
    if isinstance(node, yaml.MappingNode):
        out: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in out:
                raise TermsError(
                    "a key is not text." if key is None else f"the key {key!r} stands twice.",
                    where=Where(name, row=key_node.start_mark.line + 1),
                    hint="Keep one of them.",
                )
            out[key] = _plain(value_node, (*path, key), lines, name)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, i), lines, name) for i, child in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> object:
    """Return a scalar; times and dates stay text, so that a missing offset is seen."""
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()


def _fault(error: dict[str, object], lines: Lines, name: str, model: type[BaseModel]) -> TermsError:
    location: tuple[str | int, ...] = tuple(error["loc"])  # type: ignore[arg-type]
    message = str(error["msg"]).removeprefix("Value error, ")
    given = error.get("input")
    shown = f" Found {given!r}." if isinstance(given, str | int | float) else ""
    row = line_of(lines, location)
    field = ".".join(str(part) for part in location)
    hint = None
    if error["type"] == "extra_forbidden":
        message, shown = f"there is no key {str(location[-1])!r} here", ""
        hint = f"There are {', '.join(_keys_at(model, location[:-1]))}."
    return TermsError(f"{message}.{shown}", where=Where(name, row=row, field=field), hint=hint)


def _keys_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that a document has at a place, by its model."""
    for part in location:
        named = isinstance(part, str) and part in model.model_fields
        inner = list(_models_in(model.model_fields[str(part)].annotation)) if named else [model]
        model = inner[0] if inner else model
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models that a type is made of, such as that of a tuple's entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
