"""Polls in the Markdown of a post's body: the question, and each option with its votes."""

from __future__ import annotations

from collections.abc import Iterable


def poll_text(question: str | None, options: Iterable[tuple[str, int | None]]) -> str:
    """Return a poll as Markdown, empty if it has neither a question nor options; unknown votes are None."""
    listed = "\n".join(f"- {text}" + (f" ({votes})" if votes is not None else "") for text, votes in options)
    return "\n\n".join(part for part in (f"**{question}**" if question else "", listed) if part)
