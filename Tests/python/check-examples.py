"""Checks that every example in an OpenAPI document fits its schema. Exits 1 naming those that do not.

usage: check-examples.py DOCUMENT
"""

import json
import sys

from jsonschema import FormatChecker
from openapi_schema_validator import OAS31Validator

document = json.load(open(sys.argv[1], encoding="utf-8"))
mistakes = []
found = 0


def check(example, schema, where):
    global found
    found += 1
    whole = {**schema, "components": document["components"]}
    for error in OAS31Validator(whole, format_checker=FormatChecker()).iter_errors(example):
        mistakes.append(f"{where}: {error.message} at /{'/'.join(map(str, error.path))}")


for path, operations in document["paths"].items():
    for method, operation in operations.items():
        where = f"{method.upper()} {path}"
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                check(parameter["example"], parameter["schema"], f"{where}, {parameter['name']}")
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            if "example" not in body:
                mistakes.append(f"{where} has no example of its body")
            else:
                check(body["example"], body["schema"], where)
for name, schema in document["components"]["schemas"].items():
    if not schema.get("examples"):
        mistakes.append(f"{name} has no example")
    for example in schema.get("examples", []):
        check(example, schema, name)
print(f"{found} examples, {len(mistakes)} mistakes")
print("\n".join(mistakes))
sys.exit(1 if mistakes or not found else 0)
