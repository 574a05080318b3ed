"""A thread as lines that a person can write and check."""

from __future__ import annotations

from rostra.model import Edited, Edition


def shown(edition: Edition) -> list[str]:
    """``= title``, a line a post (depth, kind, who, when, score, first words), its quotations, then the problems."""
    names = {each.post.id: number for number, each in enumerate(edition.posts, 1)}
    language = f" lang:{edition.thread.language}" if edition.thread.language else ""
    lines = [f"= {edition.thread.title}{language}"]
    for each in edition.posts:
        raw = each.post.raw
        who = raw.author.name if raw.author else "-"
        when = raw.created or raw.created_text or "-"
        score = "-" if raw.score is None else raw.score
        extras = "".join(
            f" {sign}{value}"
            for sign, value in (("title:", raw.title), ("stance:", raw.stance), ("note:", raw.note), ("edited:", raw.edited), ("hidden:", raw.hidden), ("lang:", raw.language))
            if value
        )  # fmt: skip
        lines.append(f"{each.post.depth} {raw.kind} {who} | {when} | {score} | {_words(each)}{extras}")
        lines += [f"  file {file.name} {file.url or '-'}" for file in raw.attachments]
        lines += [f"  note {note.label}: {note.text}" for note in each.body.notes]
        for quote in each.quotes:
            source = f"post {names[quote.source.post]}" if quote.source else "nothing"
            lines.append(f"  quotes {source}: {' '.join(each.body.text[quote.start : quote.end].split())[:60]}")
    return lines + [f"! {problem.code} {problem.line or '-'}" for problem in edition.problems]


def _words(each: Edited) -> str:
    return " ".join(each.body.text.split()[:5]) or "-"
