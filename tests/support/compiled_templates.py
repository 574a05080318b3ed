"""Templates that are compiled once in a process, for all sites that it builds: compiling is most of the time of a small build."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator

Compile = Callable[..., Any]


def compiling_once(real: Compile) -> Compile:
    """``Environment.compile`` that keeps what it has made from the same source with Rostra's generator of code."""
    kept: dict[tuple[object, ...], CodeType] = {}

    def compiled(
        made: Environment, source: Any, name: str | None = None, filename: str | None = None, **others: Any
    ) -> Any:
        # Environments of other packages differ in more than their source.
        if others or made.code_generator_class is CodeGenerator:
            return real(made, source, name, filename, **others)
        key = made.code_generator_class, source, name, filename
        if key not in kept:
            kept[key] = real(made, source, name, filename)
        return kept[key]

    return compiled
