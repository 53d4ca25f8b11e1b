"""Whether an answer follows the JSON schema that was asked for: providers promise it, and do not always keep it."""

from __future__ import annotations

import json
from typing import Any, Never

import jsonschema_rs

_LONGEST_REASON = 300


def why_no_schema(schema: dict[str, Any]) -> str | None:
    """Say why this is no JSON schema that answers can be checked by; None if it is one."""
    try:
        jsonschema_rs.validator_for(schema, retriever=_refuse)
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        return _first_line(error)
    return None


def why_not_followed(schema: dict[str, Any], text: str) -> str | None:
    """Say in what a text does not follow a schema; None if it does."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return "The answer is not JSON."
    try:
        error = next(jsonschema_rs.validator_for(schema, retriever=_refuse).iter_errors(answer), None)
    except (jsonschema_rs.ReferencingError, ValueError) as trouble:
        return f"The answer could not be checked by the schema: {_first_line(trouble)}"
    if error is None:
        return None
    where = "/".join(map(str, error.instance_path)) or "the whole of it"
    return f"The answer does not follow the schema, in {where}: {error.message[:_LONGEST_REASON]}"


def _refuse(address: str) -> Never:
    """Schemas are never fetched: who writes one must not make this computer call addresses."""
    raise ValueError(f"it refers to {address[:_LONGEST_REASON]}, which is not fetched: put it into the schema itself")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:_LONGEST_REASON]
