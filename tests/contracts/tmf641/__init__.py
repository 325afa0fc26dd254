"""TMF641's own definitions, and whether a resource fits them."""

import json
from pathlib import Path
from typing import Any, cast

_DEFINITIONS: dict[str, Any] = json.loads(
    Path(__file__).with_name("definitions.json").read_text(encoding="utf-8")
)["definitions"]
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
}


def misfits(resource: object, name: str) -> list[str]:
    """Where `resource` does not fit the definition `name`; fields it does not have count too."""
    return list(_misfits(resource, _DEFINITIONS[name], name))


def _misfits(value: Any, schema: dict[str, Any], place: str) -> list[str]:
    if "$ref" in schema:
        return _misfits(value, _DEFINITIONS[schema["$ref"].rsplit("/", 1)[-1]], place)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: {value!r} is none of {schema['enum']}"]
    if "properties" in schema or schema.get("type") == "object":
        return _object_misfits(value, schema, place)
    if not isinstance(value, _TYPES[schema["type"]]):
        return [f"{place}: {value!r} is no {schema['type']}"]
    if schema["type"] != "array":
        return []
    each = cast("list[Any]", value)
    return [m for i, x in enumerate(each) for m in _misfits(x, schema["items"], f"{place}[{i}]")]


def _object_misfits(value: Any, schema: dict[str, Any], place: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no object"]
    fields = schema.get("properties", {})
    found = [f"{place}.{name}: missing" for name in schema.get("required", []) if name not in value]
    found += [f"{place}.{name}: there is no such field" for name in value if name not in fields]
    for name in value.keys() & fields.keys():
        found += _misfits(value[name], fields[name], f"{place}.{name}")
    return found
