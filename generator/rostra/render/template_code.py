"""The code of templates: as Jinja makes it, but for how values are written, and how it is kept.

Jinja makes markup of every value, and joins it as text a moment later; ``written`` leaves that step out.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame

SIZE = 32
"""Bytes of a digest."""


class Generator(CodeGenerator):
    """Code in which ``environment.written`` stands for ``escape``."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class KeptCode(BytecodeCache):
    """Code kept in a folder, each file with its digest: of what is damaged, Python would run whatever it has become."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, where it is whole."""
        try:
            kept = self._place(bucket).read_bytes()
        except OSError:
            return
        digest, code = kept[:SIZE], kept[SIZE:]
        if sha256(code).digest() == digest:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, in one step: another process may be reading it."""
        code, place = bucket.bytecode_to_string(), self._place(bucket)
        part = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            part.write_bytes(sha256(code).digest() + code)
            part.replace(place)
        except OSError:
            # What cannot be kept is made again the next time.
            part.unlink(missing_ok=True)

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / f"templates-{bucket.key}"
