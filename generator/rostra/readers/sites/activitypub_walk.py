"""Find the posts in values of Activity Streams and of Mastodon's API: in activities, collections and contexts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rostra.model import Problem
from rostra.readers.dumps.fields import Fields, left_out
from rostra.readers.guards.audit import dismiss
from rostra.readers.sites.activitypub_objects import many
from rostra.readers.sites.mastodon import beside, boosted

OBJECTS = {"Note", "Page", "Article", "Question", "Event", "Video", "ChatMessage", "Tombstone", "Image", "Audio", "Document"}  # fmt: skip
OTHERS = {"Person", "Group", "Application", "Organization", "Service", "Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}  # fmt: skip
AUDIENCE = ("to", "cc")
"""Fields that say to whom an object or activity is addressed."""
INNER = ("status", "ancestors", "descendants", "statuses", "first", "items", "orderedItems", "context")
"""Fields of other objects that hold posts."""


def post_objects(
    value: Any, problems: list[Problem]
) -> Iterator[tuple[dict[str, Any] | str, Any, dict[str, Any] | None]]:
    """Yield every post object with its actor and its boost; of a boosted post that is missing, the address."""
    # Each entry says whether it must be a post, or only may be.
    stack: list[tuple[Any, Any, dict[str, Any] | None, bool]] = [(value, None, None, True)]
    while stack:
        item, actor, boost, expected = stack.pop()
        if isinstance(item, list):
            stack.extend((each, actor, boost, expected) for each in reversed(item))
        elif isinstance(item, dict):
            kind = object_kind(item)
            inner = [item[name] for name in reversed(INNER) if isinstance(item.get(name), list | dict)]
            if status := boosted(item):
                stack.append((status, None, item, True))
            elif kind in OBJECTS or ("content" in item and ("account" in item or kind is None)):
                yield item, actor, boost
                stack += ((each, None, None, False) for each in beside(item))
            elif kind == "Announce" and isinstance(item.get("object"), str):
                dismiss(item)
                yield item["object"], None, None
            elif kind == "Delete" and isinstance(item.get("object"), str):
                dismiss(item)
                yield {"id": item["object"], "type": "Tombstone"}, item.get("actor"), None
            elif "object" in item:
                passed_on = kind == "Announce"
                boost = item if passed_on and object_kind(Fields(item["object"]).said) in OBJECTS else None
                if boost is None:
                    # The activity has no words of its own.
                    dismiss(item)
                held = item["object"] if passed_on else _addressed(item["object"], item)
                stack.append((held, None if passed_on else item.get("actor"), boost, True))
            elif inner:
                stack.extend((each, None, None, True) for each in inner)
            elif kind in OTHERS:
                dismiss(item)
            elif expected or "content" in item:
                problems.append(left_out("an object is not a post", item))


def _addressed(held: Any, activity: dict[str, Any]) -> Any:
    """Return the object of an activity, addressed as the activity is if it is not addressed itself."""
    if not isinstance(held, dict) or any(held.get(field) for field in AUDIENCE):
        return held
    held |= {field: activity[field] for field in AUDIENCE if activity.get(field)}
    return held


def object_kind(item: dict[str, Any]) -> str | None:
    """Return an object's type; of several, the first known one."""
    kinds = [kind for kind in many(item.get("type")) if isinstance(kind, str)]
    return next((kind for kind in kinds if kind in OBJECTS), kinds[0] if kinds else None)
