"""What may stand in a job file: JSON values, made from and back to the types that people use."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from typing import Any, TypeVar

import msgspec

from longtake.errors import NotJson

T = TypeVar("T")

MAX_DEPTH = 100


def to_json(value: Any, what: str = "value") -> Any:
    """Turn a value into plain JSON: dict, list, str, int, float, bool, None.

    Dataclasses, msgspec structs, pydantic models, enums and dates are converted; half a surrogate pair in a text
    becomes U+FFFD, so that no finished answer is lost for one letter.

    Raises:
        NotJson: for anything else; `what` names the value in the message.
    """
    try:
        return _plain(msgspec.to_builtins(value, enc_hook=_model_to_dict, str_keys=True), what, 0)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, NotJson):
            raise
        raise NotJson(f"The {what} cannot be kept as JSON: {error}. Give plain data, or a dataclass.") from error


def from_json(value: Any, into: type[T]) -> T:
    """Turn plain JSON into a type.

    Raises:
        msgspec.ValidationError: when it does not fit.
    """
    return msgspec.convert(value, into, dec_hook=_model_from_dict, strict=True)


def hash_of(value: Any) -> str:
    """Short hash of a JSON value, the same for dicts in any order."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]


def _plain(value: Any, what: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotJson(f"The {what} is nested deeper than {MAX_DEPTH} levels. Flatten it.")
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"The {what} holds {value}, which JSON does not know. Use None, or a text.")
        return value
    if isinstance(value, dict):
        return {_plain(k, what, depth + 1): _plain(v, what, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v, what, depth + 1) for v in value]
    return value


def _model_to_dict(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise NotJson(f"a {type(value).__name__} is not plain data")
    return dump(mode="json")


def _model_from_dict(into: type, value: Any) -> Any:
    validate = getattr(into, "model_validate", None)
    if validate is None or dataclasses.is_dataclass(into):
        raise NotImplementedError(f"JSON cannot be turned into {into}")
    return validate(value)
