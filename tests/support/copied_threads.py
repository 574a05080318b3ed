"""Threads read from text copied from pages, as lines of their cases."""

from __future__ import annotations

from pathlib import Path

from rostra.model import RawThread, Source, Thread
from rostra.readers import Dump
from rostra.readers.text import text as reader
from rostra.threads.assemble import assemble

NAMES = ("Ada Weir", "Bede Ash", "Cy Noor", "Dora Lock", "Esk Ford", "Fenn Hill", "Gil Pond", "Hob Miller", "Ivo Reed", "Jo Quay")  # fmt: skip
"""Ten people, no two of whom share a word."""


def read(path: Path) -> RawThread:
    (thread,) = reader.read(Dump(path))
    return thread


def assembled(raw: RawThread) -> Thread:
    return assemble(raw, id="t", title="T", source=Source(path="", format="text", sha256=""))


def tree(thread: Thread) -> list[str]:
    lines = []
    for post in thread.posts:
        raw = post.raw
        who = raw.author.name if raw.author else "-"
        when = raw.created or raw.created_text or "-"
        score = "-" if raw.score is None else raw.score
        words = " ".join(raw.body.split()[:4]) or "-"
        lines.append(f"{post.depth} {raw.kind} {who} | {when} | {score} | {words}")
    return lines + [f"! {problem.code} {problem.line or '-'}" for problem in thread.problems]
