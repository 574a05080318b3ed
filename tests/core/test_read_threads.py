"""What of a thread that a worker read goes to another process, and which digests are not made again there."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.msgpack import decode, encode

from rostra.identity import ledger
from rostra.identity.ledger import digests_of
from rostra.model import Author, Problem, RawPost, RawThread, Source
from rostra.readers.records import prepared
from rostra.readers.records.prepared import Assembled, ReadThread, read_thread, remembered
from rostra.threads.assemble import assemble

PROBLEM = Problem(code="x", message="y")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No digest is known from another test."""
    monkeypatch.setattr(ledger, "_remembered", {})


def raw(*bodies: str, created: str | None = "2024-03-04T09:00:00Z") -> RawThread:
    posts = (
        RawPost(key=str(n), body=body, parent="0" if n else None, author=Author(name="Ada"), created=created)
        for n, body in enumerate(bodies)
    )
    return RawThread(posts=tuple(posts), native_id="1")


def assembled(of: RawThread) -> Assembled:
    source = Source(path="", format="", sha256="")
    return Assembled(assemble(of, id="gate", title="T", source=source), several=True, people=(("ada", "7"),))


def sent(of: ReadThread) -> ReadThread:
    """As it is kept for another process."""
    return decode(encode(of.brief()), type=ReadThread)


def test_what_was_assembled_is_sent_without_what_it_was_read_as() -> None:
    it = raw("The gate is shut.", "Who shut it?")
    whole = read_thread(it, assembled(it), (PROBLEM,))
    assert whole.raw == it
    found = sent(whole)
    assert (found.raw, found.assembled, found.problems) == (None, whole.assembled, (PROBLEM,))
    assert found.digests == [digests_of(post) for post in it.posts]
    # Names of fields are not sent with each of them.
    fields = decode(encode(whole.brief()))
    assert isinstance(fields, list)
    assert isinstance(fields[1], list)
    bare = read_thread(it, None)
    assert sent(bare) == bare
    assert (bare.raw, bare.problems) == (it, ())
    assert bare.digests == found.digests


@pytest.mark.parametrize("whole", [True, False])
def test_the_digests_of_another_process_are_not_made_again(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    it = raw("The gate is shut.", "Who shut it?")
    found = sent(read_thread(it, assembled(it) if whole else None))
    ledger._remembered.clear()
    assert remembered(found) is found
    monkeypatch.setattr(ledger, "_digests_of", lambda _: pytest.fail("made again"))
    assert [digests_of(post) for post in it.posts] == found.digests


@pytest.mark.parametrize("error", [ValueError, OverflowError])
def test_a_post_whose_time_is_none_has_no_digests_yet(monkeypatch: pytest.MonkeyPatch, error: Any) -> None:
    it = raw("The gate is shut.", "Who shut it?")
    whole = digests_of

    def strict(post: RawPost) -> Any:
        if post.key == "0":
            raise error
        return whole(post)

    monkeypatch.setattr(prepared, "digests_of", strict)
    found = sent(read_thread(it, None))
    assert found.digests == [None, whole(it.posts[1])]
    ledger._remembered.clear()
    remembered(found)
    assert len(ledger._remembered) == 1


def test_every_post_has_a_digest_or_none() -> None:
    it = raw("The gate is shut.", "Who shut it?")
    with pytest.raises(ValueError, match="shorter"):
        remembered(ReadThread(it, None, [None]))
