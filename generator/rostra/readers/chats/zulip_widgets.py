"""Polls and to-do lists of Zulip as text.

What happened to such a message is in its ``submessages``, each a JSON text: the first has the question and the
options, each of the others one action of a person, such as a vote, which a later one may take back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import MsgspecError
from msgspec.json import decode

from rostra.readers.dumps.fields import Fields
from rostra.readers.sites.polls import poll_text


class Widget(NamedTuple):
    """A poll or to-do list as Markdown, and the words with which its author began it."""

    text: str
    begun: str


class _WidgetState:
    """A widget after the actions so far: its kind, its title, and its items by the keys by which actions name them."""

    def __init__(self, kind: str, said: Fields) -> None:
        self.kind = kind
        self.title = said.text("question", "task_list_title") or ""
        self.items: dict[str, str] = {f"canned,{n}": text for n, text in enumerate(said.texts("options"))}
        self.items |= {f"{n},canned": _task(each) for n, each in enumerate(said.objects("tasks"))}
        self.people: dict[str, set[str | None]] = {}
        """Who voted for an option."""
        self.done: set[str] = set()

    def act(self, said: Fields, person: str | None) -> bool:
        """Apply an action of a person; return whether it is known."""
        match said.text("type"):
            case "new_option":
                self.items[f"{person},{said.name('idx')}"] = said.text("option") or ""
            case "new_task":
                self.items[f"{said.name('key')},{person}"] = _task(said)
            case "question" | "new_task_list_title":
                self.title = said.text("question", "title") or self.title
            case "vote":
                voters = self.people.setdefault(said.name("key") or "", set())
                voters.add(person) if said.number("vote") == 1 else voters.discard(person)
            case "strike":
                self.done ^= {said.name("key") or ""}
            case _:
                return False
        return True

    def text(self) -> str:
        options: list[tuple[str, int | None]]
        if self.kind == "poll":
            options = [(text, len(self.people.get(key, ()))) for key, text in self.items.items()]
        else:
            options = [(f"~~{text}~~" if key in self.done else text, None) for key, text in self.items.items()]
        return poll_text(self.title, [(" ".join(text.split()), votes) for text, votes in options])


def widget_of(message: Fields) -> Widget | None:
    """Return the poll or to-do list of a message; None if it is none.

    Its ``submessages`` that are understood are marked as no posts, so that the audit reports the others.
    """
    state: _WidgetState | None = None
    begun = ""
    for each in message.objects("submessages"):
        said = Fields(_value(each.text("content")))
        if state is None:
            if (kind := said.text("widget_type")) not in ("poll", "todo"):
                return None
            state = _WidgetState(kind, said.within("extra_data"))
            begun = f"/{kind} {state.title}"
        elif not state.act(said, each.name("sender_id")):
            continue
        each.is_no_post()
    return Widget(state.text(), begun) if state else None


def _task(said: Fields) -> str:
    return ": ".join(part for part in (said.text("task"), said.text("desc")) if part)


def _value(text: str | None) -> Any:
    try:
        return decode(text or "null")
    except (MsgspecError, RecursionError):
        return None
