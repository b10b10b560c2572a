"""Answers of a centre against daemon/run/centre_schemas.json, as strictly as the API's against its own: every documented field is there with
its type, and no field is there that is not documented."""

import json
import pathlib

DAEMON = pathlib.Path(__file__).resolve().parents[2] / "daemon"
OF_CENTRE = json.loads((DAEMON / "run/centre_schemas.json").read_text())
SCHEMAS = {**json.loads((DAEMON / "publish/api/schemas.json").read_text()), **OF_CENTRE["schemas"]}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float), "null": type(None)}


def resolved(schema):
    """Without $ref and allOf."""
    if "$ref" in schema:
        return resolved(SCHEMAS[schema["$ref"].removeprefix("#/components/schemas/")])
    if "allOf" not in schema:
        return schema
    parts = [resolved(part) for part in schema["allOf"]]
    return {"type": "object", "required": [name for part in parts for name in part["required"]],
            "properties": {name: inner for part in parts for name, inner in part["properties"].items()}}


def problems(value, schema, where="answer"):
    """What of the value is not as the schema says, a sentence each."""
    schema = resolved(schema)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[t]) and (t == "boolean" or not isinstance(value, bool)) for t in types):
        return [f"{where} is {json.dumps(value)[:100]}, not {types}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where} is {value!r}, none of {schema['enum']}"]
    found = []
    if isinstance(value, list):
        for one in value:
            found += problems(one, schema["items"], f"{where}[]")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{where} lacks {name}" for name in schema["required"] if name not in value]
        found += [f"{where} has the undocumented field {name}" for name in value if name not in schema["properties"]]
        for name, inner in schema["properties"].items():
            if name in value:
                found += problems(value[name], inner, f"{where}.{name}")
    return found


def hold(method, path, status, text):
    """Raises where an answer of /centre/v1/… is not as it is documented; of anything else nothing is asked."""
    path = path.partition("?")[0]
    if not path.startswith("/centre/v1/"):
        return
    if status == 200 and path.startswith("/centre/v1/reports/"):  # a file
        return
    documented = OF_CENTRE["answers"].get(f"{method} {path}")
    if status == 200 and documented is None:
        raise AssertionError(f"{method} {path} is not documented")
    found = problems(json.loads(text), SCHEMAS[documented if status == 200 else "Error"])
    if found:
        raise AssertionError(f"{method} {path} {status}: " + "; ".join(found[:10]))
