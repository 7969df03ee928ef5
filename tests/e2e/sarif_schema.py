"""Constraints of SARIF 2.1.0 on what rblnc writes of it, as a JSON schema of our own, and a validator for such schemas.

The published schema has every property there is; this has those that are written, and takes no other. Each constraint is
one of the standard's: section numbers are those of the OASIS document.
"""
import re

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}  # 3.11
# 3.4: a URI reference by RFC 3986, without spaces or anything else that has to be escaped.
URI = {"type": "string", "pattern": r"^(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+$"}
PHYSICAL = {  # 3.29
    "type": "object", "required": ["artifactLocation"], "properties": {
        "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": URI}},
        # 3.30.5 and 3.30.6: lines and columns count from 1.
        "region": {"type": "object", "required": ["startLine"], "properties": {
            "startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}}}}}
LOCATION = {"type": "object", "required": ["physicalLocation"], "properties": {  # 3.28
    "physicalLocation": PHYSICAL, "message": MESSAGE,
    "logicalLocations": {"type": "array", "uniqueItems": True, "items": {
        "type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}}}
LEVEL = {"type": "string", "enum": ["none", "note", "warning", "error"]}  # 3.27.10
RULE = {"type": "object", "required": ["id"], "properties": {  # 3.49
    "id": {"type": "string"}, "shortDescription": MESSAGE, "fullDescription": MESSAGE, "help": MESSAGE,
    "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}}}}
RESULT = {"type": "object", "required": ["message", "ruleId"], "properties": {  # 3.27
    "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": MESSAGE,
    "locations": {"type": "array", "items": LOCATION}, "relatedLocations": {"type": "array", "uniqueItems": True, "items": LOCATION}}}
RUN = {"type": "object", "required": ["tool"], "properties": {  # 3.14
    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {  # 3.18, 3.19
        "type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "minLength": 1}, "version": {"type": "string"},
            "rules": {"type": "array", "uniqueItems": True, "items": RULE}}}}},
    "columnKind": {"type": "string", "enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    "results": {"type": "array", "items": RESULT}}}
SARIF = {"type": "object", "required": ["version", "runs"], "properties": {  # 3.13
    "$schema": {"type": "string", "pattern": "^https://.*sarif-2\\.1\\.0\\.json$"}, "version": {"type": "string", "enum": ["2.1.0"]},
    "runs": {"type": "array", "minItems": 1, "items": RUN}}}

TYPES = {"object": dict, "array": list, "string": str, "integer": int}


def validate(value, schema, path="$"):
    """Fails at the first value that breaks the schema. Properties that it does not name are errors."""
    assert isinstance(value, TYPES[schema["type"]]) and not isinstance(value, bool), f"{path}: {value!r} is no {schema['type']}"
    assert value in schema.get("enum", [value]), f"{path}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        assert re.search(schema.get("pattern", ""), value), f"{path}: {value!r} does not match {schema['pattern']}"
        assert len(value) >= schema.get("minLength", 0), f"{path}: is empty"
    if isinstance(value, int):
        assert value >= schema.get("minimum", value), f"{path}: {value} is less than {schema['minimum']}"
    if isinstance(value, list):
        assert len(value) >= schema.get("minItems", 0), f"{path}: has too few items"
        assert not schema.get("uniqueItems") or all(a != b for i, a in enumerate(value) for b in value[:i]), f"{path}: items repeat"
        for i, item in enumerate(value):
            validate(item, schema["items"], f"{path}[{i}]")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            assert name in value, f"{path}: '{name}' is missing"
        for name, item in value.items():
            assert name in schema["properties"], f"{path}: there is no '{name}'"
            validate(item, schema["properties"][name], f"{path}.{name}")
