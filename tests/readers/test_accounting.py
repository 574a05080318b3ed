"""Mail and text lose no words in silence: what a reader leaves out without a reason is a problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.editorial.edition import edit
from rostra.ingest.dump_threads import read_threads
from rostra.model import Problem, RawPost
from rostra.readers import Dump
from rostra.readers.guards.words_shown import unrendered
from rostra.readers.mail import accounting, bodies
from rostra.readers.mail.accounting import REASONS, texts_of, unshown
from rostra.readers.mail.mail_headers import parse_headers
from rostra.readers.mail.mime import part_of
from rostra.readers.text import text

HEAD = "From: Ada Weir <ada@mill.example>\nSubject: The hinge\nMessage-ID: <1@mill.example>\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n"
PLAIN, HTML = "Content-Type: text/plain\n\n", "Content-Type: text/html\n\n"
NINE = "alpha betas gamma delta epsil zetas theta iotas kappa"
TEN = f"{NINE} lamda"
EIGHT = NINE.rpartition(" ")[0]


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def problems(tmp_path: Path, content: str, name: str) -> list[Problem]:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return [problem for thread in read_threads(Dump(tmp_path / name), Card()) for problem in edit(thread).problems]


def codes(tmp_path: Path, content: str, name: str = "one.eml") -> list[str]:
    return [problem.code for problem in problems(tmp_path, content, name)]


def told(message: str, shown: str, dialect: str = "mail") -> bool:
    """Whether it is a problem that a message is shown so."""
    block, _, rest = message.encode().partition(b"\n\n")
    headers = parse_headers(block, {"content-type", "content-transfer-encoding", "content-disposition"})
    return bool(unshown(headers, rest, RawPost(key="1", body=shown, dialect=dialect)))  # type: ignore[arg-type]  # one of them


@pytest.mark.parametrize(
    "message",
    [
        f"{PLAIN}{TEN}",
        f"X: y\n\n{TEN}",
        f"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{'YWxwaGEgYmV0YXMgZ2FtbWEgZGVsdGEgZXBzaWwgemV0YXMgdGhldGEgaW90YXMga2FwcGEgbGFtZGE='}",
        multipart("mixed", f"{PLAIN}{TEN}"),
        multipart("mixed", multipart("related", f"{PLAIN}{TEN}", boundary="c")),
        multipart("alternative", f"{PLAIN}{TEN}", f"{HTML}<p>{TEN}</p>"),
        multipart("mixed", f"Content-Type: message/rfc822\n\nFrom: Bede <b@x>\n\n{TEN}"),
        multipart("mixed", f"Content-Type: text/unheard-of\n\n{TEN}"),
        multipart("mixed", "") + TEN,
    ],
)
def test_nine_tenths_of_a_message_are_shown(message: str) -> None:
    assert not told(message, TEN)
    assert not told(message, NINE)
    assert told(message, EIGHT)


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("file", f"Content-Type: text/plain\nContent-Disposition: attachment\n\n{TEN}"),
        ("file", f"Content-Type: application/pgp-signature\n\n{TEN}"),
        ("machine", f"Content-Type: text/calendar\n\n{TEN}"),
        ("digest", multipart("digest", f"\nFrom: Bede <b@x>\n\n{TEN}", boundary="c")),
        ("form", multipart("alternative", f"{PLAIN}It sings now.", f"{HTML}<p>It sings now.</p>", boundary="c")),
    ],
)
def test_what_has_a_reason_need_not_be_shown(reason: str, part: str) -> None:
    message = part if reason == "digest" else multipart("mixed", f"{PLAIN}It sings now.", part)
    assert reason in {each.reason for each in texts_of(part_of(message.encode()))}
    assert reason in REASONS
    assert not told(message, "It sings now.")


def test_of_several_forms_one_is_enough_and_none_is_a_problem() -> None:
    message = multipart("alternative", f"{PLAIN}{TEN}", f"{HTML}<p>it was said in other words here</p>")
    assert not told(message, "<p>it was said in other words here</p>", "html")
    assert not told(message, TEN)
    assert told(message, "nothing of it")


def test_a_part_that_the_reader_loses_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = HEAD + multipart("mixed", f"{PLAIN}{TEN}", f"{PLAIN}The hinge sings again since Friday.")
    assert codes(tmp_path, message) == []
    read = bodies._texts
    monkeypatch.setattr(bodies, "_texts", lambda part, found, depth: read(part, found, depth)[:1])
    assert codes(tmp_path, message) == ["lost-words"]


def test_a_message_without_words_is_a_problem(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{HEAD}\n\n") == ["empty-post"]


def test_a_part_of_a_kind_that_nobody_knows_is_shown_or_named(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(HEAD + multipart("mixed", f"{PLAIN}{TEN}", f"Content-Type: x/y\n\n{TEN}"))
    (thread,) = read_threads(Dump(tmp_path / "one.eml"), Card())
    assert [each.name for each in thread.posts[0].raw.attachments] == ["x/y"]


def test_a_message_that_others_name_has_a_place(tmp_path: Path) -> None:
    message = HEAD.replace("Subject", "In-Reply-To: <0@mill.example>\nSubject") + f"\n{TEN}"
    assert codes(tmp_path, message) == ["missing-post"]


def test_very_nested_parts_are_no_work_for_the_account() -> None:
    deep = "".join(
        multipart("mixed", boundary=str(n)).partition("\n\n")[0] + "\n\n--" + str(n) + "\n" for n in range(300)
    )
    assert not told(deep, "nothing of it")


COPIED = """Ada
  1 year ago

  The upper gate is shut at night since the flood.

  Reply Share

    Bede
    1 year ago

    It was open when I passed on Friday night.

    Reply Share
"""


def test_copied_text_loses_nothing(tmp_path: Path) -> None:
    assert codes(tmp_path, COPIED, "gate.txt") == []


def test_words_that_are_taken_for_buttons_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trim = text.trim
    monkeypatch.setattr(text, "trim", lambda lines, usual: trim(lines[:1], usual))
    found = problems(tmp_path, COPIED, "gate.txt")
    assert [each.code for each in found if each.code == "lost-words"] == ["lost-words"] * 2, found


def test_replies_that_the_page_names_have_a_place(tmp_path: Path) -> None:
    found = problems(tmp_path, COPIED.replace("    Reply Share", "    Reply Share\n\n    3 more replies"), "gate.txt")
    assert [each.code for each in found] == ["more-replies"]


def test_what_stands_below_the_posts_is_shown_or_named(tmp_path: Path) -> None:
    (tmp_path / "gate.txt").write_text(f"{COPIED}\n\n© 2024 The village of the upper mill\n", encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "gate.txt"), Card())
    shown = any("upper mill" in post.raw.body for post in thread.posts)
    assert shown != ("page-around" in {each.code for each in thread.problems})


@pytest.mark.parametrize("dialect", ["mail", "text"])
@pytest.mark.parametrize(
    ("body", "shown", "code"),
    [
        (TEN, NINE, None),
        (TEN, EIGHT, "lost-words"),
        (TEN, "", "empty-post"),
        ("PD> " + TEN, TEN, None),
        ("Abcdefghijkl> " + TEN, TEN, None),
        (f"        FrPi> {TEN}", TEN, None),
        ("see https://mill.example/a/gate/that/sings", "see", None),
        (f"if a <- b {TEN} -> c", f"if a <- b {TEN} -> c", None),
        (f"<style> {TEN}", "style", "lost-words"),
    ],
)
def test_what_plain_text_says_is_shown(dialect: str, body: str, shown: str, code: str | None) -> None:
    problem = unrendered(RawPost(key="1", body=body, dialect=dialect), [shown])  # type: ignore[arg-type]  # one of two
    assert (problem and problem.code) == code


def test_a_plain_message_is_compared_without_taking_it_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounting, "texts_of", None)
    assert not told(f"{PLAIN}{TEN}", TEN)
