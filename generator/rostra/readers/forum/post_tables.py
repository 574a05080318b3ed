"""The columns of the tables of posts of forum programs, and what they say of the state of a post."""

from __future__ import annotations

from msgspec import Struct

from rostra.readers.dumps.fields import Fields


class PostTable(Struct, frozen=True):
    """The names of a forum program's columns of posts.

    ``shown`` are columns for the state of a post, each with the values that mean "waits for a moderator" and those that
    mean "removed by a moderator"; ``began`` is a column that only the table of topics has.
    """

    id: str
    topic: str
    names: tuple[str, ...]
    user: str
    time: str
    edited: str
    title: str
    body: str
    shown: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    began: str
    named: str


SHOWN, WAITING, GONE = "shown", "waiting", "gone"


def _states(column: str, waiting: str, gone: str = "") -> tuple[str, frozenset[str], frozenset[str]]:
    return column, frozenset(waiting.split()), frozenset(gone.split())


TABLES = (
    PostTable(  # phpBB: ITEM_UNAPPROVED, ITEM_REAPPROVE, ITEM_DELETED; until 3.0 `post_approved`
        "post_id", "topic_id", ("username", "post_username"), "poster_id", "post_time", "post_edit_time", "post_subject", "post_text",
        (_states("post_visibility", "0 3", "2"), _states("post_approved", "0"), _states("topic_visibility", "0 3", "2"), _states("topic_approved", "0")),
        "topic_title", "topic_title",
    ),
    PostTable(  # SMF
        "id_msg", "id_topic", ("poster_name",), "id_member", "poster_time", "modified_time", "subject", "body",
        (_states("approved", "0"),),
        "id_first_msg", "subject",
    ),
    PostTable(  # vBulletin 3 and 4: moderated, deleted
        "postid", "threadid", ("username",), "userid", "dateline", "edit_dateline", "title", "pagetext",
        (_states("visible", "0", "2"),),
        "firstpostid", "title",
    ),
    PostTable(  # MyBB: unapproved, deleted; only its author can read a draft
        "pid", "tid", ("username",), "uid", "dateline", "edittime", "subject", "message",
        (_states("visible", "0 -2", "-1"),),
        "firstpost", "subject",
    ),
    PostTable(  # XenForo
        "post_id", "thread_id", ("username",), "user_id", "post_date", "last_edit_date", "", "message",
        (_states("message_state", "moderated", "deleted"), _states("discussion_state", "moderated", "deleted")),
        "first_post_id", "title",
    ),
)  # fmt: skip
DELETED = ("post_delete_time", "deletetime", "deleted")
"""Columns with the time of a post's or topic's deletion, or the fact of it."""


def row_state(row: Fields, table: PostTable) -> str:
    """Return the state of a post or topic: shown, waiting for a moderator, or removed by one."""
    known = False
    for column, waiting, gone in table.shown:
        value = row.get(column)
        if value is None or value == "":
            continue
        known = True
        said = str(int(value)) if isinstance(value, bool) else row.name(column)
        if said in waiting or said in gone:
            return WAITING if said in waiting else GONE
    # If both columns are present, phpBB's state decides: restored posts also have a time.
    return GONE if not known and row.flag(*DELETED) else SHOWN


def says_state(row: Fields, table: PostTable) -> bool:
    """Whether a column says if the post is shown, besides the time of a deletion."""
    return any(row.get(column) not in (None, "") for column, _, _ in table.shown)
