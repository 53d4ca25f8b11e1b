"""What may stand in a job file: JSON values, made from and back to the types that people use."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import msgspec

from longtake.errors import NotJson

T = TypeVar("T")

MAX_DEPTH = 100
MAX_INT_BITS = 4096
MAX_BYTES = 16 * 1024 * 1024
"""A job file holds arguments, result and the rest in four times as much."""


def to_json(value: Any, what: str = "value") -> Any:
    """Turn a value into plain JSON: dict, list, str, int, float, bool, None.

    Dataclasses, msgspec structs, pydantic models, enums and dates are converted; half a surrogate pair in a text
    becomes U+FFFD, so that no finished answer is lost for one letter.

    Raises:
        NotJson: for anything else, and for what is too large; `what` names the value in the message.
    """
    plain = _to_json(value, what, None)
    size = len(msgspec.json.encode(plain))
    if size > MAX_BYTES:
        raise NotJson(
            f"The {what} takes {size >> 20} MiB, more than {MAX_BYTES >> 20}. Keep it in a file, and give its path."
        )
    return plain


def from_json(value: Any, into: type[T]) -> T:
    """Turn plain JSON into a type.

    Raises:
        msgspec.ValidationError: when it does not fit.
    """
    return msgspec.convert(value, into, dec_hook=_model_from_dict, strict=True)


def fingerprint(values: Sequence[Any], what: str) -> str:
    """Short hash of values as JSON: the same in every process, whatever the order of a dict or set.

    Raises:
        NotJson: for a value that is none.
    """
    plain = _to_json(values, what, "deterministic")
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()[:16]


def clean_text(text: str) -> str:
    """The text with U+FFFD in place of each half of a surrogate pair, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _to_json(value: Any, what: str, order: Literal["deterministic"] | None) -> Any:
    try:
        return _plain(msgspec.to_builtins(value, enc_hook=_simpler, str_keys=True, order=order), what, 0)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, NotJson):
            raise
        raise NotJson(f"The {what} cannot be kept as JSON: {error}. Give plain data, or a dataclass.") from error


def _plain(value: Any, what: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotJson(f"The {what} is nested deeper than {MAX_DEPTH} levels. Flatten it.")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"The {what} holds {value}, which JSON does not know. Use None, or a text.")
        return value
    if isinstance(value, dict):
        return {_plain(k, what, depth + 1): _plain(v, what, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v, what, depth + 1) for v in value]
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        raise NotJson(f"The {what} holds a number of more than {MAX_INT_BITS} bits. Make it a text.")
    return value


def _simpler(value: Any) -> Any:
    """What msgspec does not know, as something that it does."""
    for plain in (str, int, float):
        if isinstance(value, plain):
            return plain(value)
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(f"a {type(value).__name__} is not plain data")
    return dump(mode="json")


def _model_from_dict(into: type, value: Any) -> Any:
    validate = getattr(into, "model_validate", None)
    if validate is None or dataclasses.is_dataclass(into):
        raise NotImplementedError(f"JSON cannot be turned into {into}")
    return validate(value)
