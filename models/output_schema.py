"""The JSON Schema that a model is asked to fill, made from a pydantic class."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

_LEFT_OUT = {"title", "default"}


@cache
def output_schema(output: type[BaseModel]) -> Mapping[str, Any]:
    """The schema of `output`, flat and closed.

    References are resolved, titles and defaults are left out, every property is required and no
    other is allowed: a small model leaves out what it may leave out, and strict endpoints accept
    nothing else. A class must not contain itself.
    """
    return close_schema(output.model_json_schema())


def close_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same for any JSON Schema with local references, such as a tool's arguments."""
    definitions: Mapping[str, Any] = schema.get("$defs", {})
    return cast("dict[str, Any]", _close(schema, definitions))


def _close(node: Any, definitions: Mapping[str, Any]) -> object:  # noqa: ANN401 (any JSON)
    if isinstance(node, list):
        return [_close(item, definitions) for item in cast("list[Any]", node)]
    if not isinstance(node, Mapping):
        return node
    mapping = cast("Mapping[str, Any]", node)
    if "$ref" in mapping:
        return _close(definitions[mapping["$ref"].rpartition("/")[2]], definitions)
    closed: dict[str, Any] = {}
    for key, value in mapping.items():
        if key == "properties":
            closed[key] = {name: _close(part, definitions) for name, part in value.items()}
        elif key != "$defs" and not (key in _LEFT_OUT and not isinstance(value, Mapping)):
            closed[key] = _close(value, definitions)
    if "properties" in closed:
        closed["required"] = list(closed["properties"])
        closed["additionalProperties"] = False
    return closed
