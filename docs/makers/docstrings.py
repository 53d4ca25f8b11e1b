"""Docstrings, and signatures, as Markdown."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import Any

_LONGEST = 40
_SECTION = re.compile(r"^(Args|Raises|Returns):\s*$")
_ENTRY = re.compile(r"^(\*{0,2}\w+): (.*)$")


def as_markdown(thing: object) -> str:
    """The docstring of a thing; its sections become lists."""
    lines: list[str] = []
    section = ""
    for line in (inspect.getdoc(thing) or "").splitlines():
        if _SECTION.match(line):
            section = line.strip().rstrip(":")
            lines += [f"{'Arguments' if section == 'Args' else section}:", ""]
        elif section and line.startswith("    ") and (entry := _ENTRY.match(line.strip())) and line[4] != " ":
            more = re.sub(r"\. (?=[A-Z]\w+:)", ".\n- ", entry[2]) if section == "Raises" else entry[2]
            lines.append(f"- `{entry[1]}`: {more}")
        elif section and line.startswith("    ") and lines[-1].startswith("- "):
            lines[-1] += f" {line.strip()}"
        elif section and line.strip():
            lines.append(f"- {line.strip()}")
        else:
            section = section if line.strip() == "" else ""
            lines.append(line)
    return "\n".join(lines).strip()


def signature(name: str, thing: Any) -> str:
    """How a thing is called."""
    parts: list[str] = []
    star = False
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            parts, star = [*parts, "*"], True
        star = star or parameter.kind is parameter.VAR_POSITIONAL
        parts.append(_parameter(parameter))
    returns = inspect.signature(thing).return_annotation
    is_said = not inspect.isclass(thing) and returns is not inspect.Signature.empty and returns != "None"
    return f"{name}({', '.join(parts)}){f' -> {returns}' if is_said else ''}"


def field_notes(cls: type) -> dict[str, str]:
    """The one-line docstring below each field of a class."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(tree, ast.ClassDef)
    notes: dict[str, str] = {}
    for this, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(this, ast.AnnAssign) and isinstance(this.target, ast.Name):
            is_noted = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            text = following.value.value if is_noted else ""  # type: ignore[union-attr]
            default = f" = {ast.unparse(this.value)}" if this.value else ""
            notes[f"{this.target.id}: {ast.unparse(this.annotation)}{default}"] = inspect.cleandoc(str(text))
    return notes


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    annotation = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
    default = "" if parameter.default is parameter.empty else f" = {_default(parameter.default)}"
    return f"{stars}{parameter.name}{annotation}{default}"


def _default(value: object) -> str:
    text = repr(value)
    return "…" if text.startswith("<") or len(text) > _LONGEST else text
