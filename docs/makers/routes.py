"""The reference of the job API over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from longtake import JobQueue
from longtake.fastapi import job_router
from longtake.stores.memory import MemoryStore


def reference() -> str:
    """Every route of `job_router`, as its OpenAPI document has it."""
    app = FastAPI()
    app.include_router(job_router(JobQueue(store=MemoryStore(), mode="external")))
    document = app.openapi()
    routes = [
        part
        for path, methods in document["paths"].items()
        for method, route in methods.items()
        for part in _route(method, path, route)
    ]
    shapes = [part for name, shape in document["components"]["schemas"].items() for part in _shape(name, shape)]
    return "\n\n".join([*routes, "## Shapes", *shapes])


def _route(method: str, path: str, route: dict[str, Any]) -> Iterator[str]:
    yield f"## {method.upper()} {path}"
    yield route["description"]
    words = [
        f"- `{p['name']}` ({p['in']}{', required' if p.get('required') else ''}, {_type(p['schema'])})"
        f"{_said(p.get('description') or p['schema'].get('description'))}"
        for p in route.get("parameters", [])
        if p["in"] != "path"
    ]
    if "requestBody" in route:
        words.append(f"- body: {_type(route['requestBody']['content']['application/json']['schema'])}")
    if words:
        yield "\n".join(words)
    yield f"Answers: {', '.join(_answer(status, answer) for status, answer in sorted(route['responses'].items()))}."


def _answer(status: str, answer: dict[str, Any]) -> str:
    content = answer.get("content", {})
    if "application/problem+json" in content:
        return f"{status} {HTTPStatus(int(status)).phrase}".replace("Content", "Entity")
    for kind, described in content.items():
        return f"{status} with {_type(described['schema']) if kind == 'application/json' else kind}"
    return status


def _shape(name: str, shape: dict[str, Any]) -> Iterator[str]:
    yield f"### {name}"
    yield shape.get("description", "")
    if "enum" in shape:
        yield ", ".join(f"`{value}`" for value in shape["enum"])
    fields = shape.get("properties", {})
    if fields:
        yield "\n".join(f"- `{key}` ({_type(value)}){_said(value.get('description'))}" for key, value in fields.items())


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    return schema.get("format") or schema.get("type") or "anything"


def _said(text: str | None) -> str:
    return f": {text}" if text else ""
