"""What a person corrected of a debate, and who wrote its posts, as text for readers."""

from __future__ import annotations

from rostra.i18n.catalogue import Catalogue, later
from rostra.model import Author, Corrected, Post

UNNAMED = "unnamed:"
"""The prefix of the id of an author whose name is not known, but who wrote several posts."""

KINDS = {
    "post": later("an ordinary post"),
    "missing": later("missing"),
    "deleted": later("deleted"),
    "removed": later("removed"),
    "redacted": later("redacted"),
}


def author_label(author: Author, words: Catalogue) -> str:
    """Return an author's displayed name; for a person that only a card distinguishes, in the site's language."""
    if author.id and author.id.startswith(UNNAMED):
        return words.say("Unnamed %(letter)s", letter=author.id.removeprefix(UNNAMED))
    return author.label


def editorial_note(post: Post, words: Catalogue, note: str | None) -> str | None:
    """Return why a post was withdrawn, followed by its ``note``, as text for readers; None if there is neither."""
    reason = post.corrections.withdrawn
    if reason is None:
        return note
    said = words.say("Withdrawn: %(what)s", what=reason) if reason else words.say("Withdrawn")
    return f"{said} {note}" if note else said


def phrase(each: Corrected, words: Catalogue) -> str:
    """Return a correction as text for readers."""
    say, was = words.say, each.was
    match each.what:
        case "author":
            return say("author, was %(was)s", was=was or say("unnamed"))
        case "person":
            return say("by the same person as other unnamed posts")
        case "parent":
            return say("parent, was %(was)s", was=was) if was else say("parent confirmed")
        case "created":
            return say("time, was %(was)s", was=words.readable(was) if was else say("unknown"))
        case "kind":
            return say("kind of post, was %(was)s", was=say(KINDS[was]) if was else "")
        case "title":
            return say("title, was %(was)s", was=was or say("none"))
        case "language":
            return say("language, was %(was)s", was=was or say("unknown"))
        case "remark":
            return say("a note added")
        case "set":
            return say("a quotation set")
        case "confirmed":
            return say("a quotation confirmed")
        case "forbidden":
            return say("a quotation forbidden")
        case "quotation":
            return say("a quotation restored")
        case "spoiler":
            return say("a spoiler restored")
        case "list":
            return say("a list restored")
        case "note":
            return say("footnote %(label)s linked", label=was)
        case "no-note":
            return say("footnote %(label)s unlinked", label=was)
