"""What a message shows: every part that somebody wrote, in its author's name, and each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.ingest.inspection import inspections
from rostra.model import Edited
from rostra.readers.mail.bodies import HALF, _lost
from rostra.readers.mail.mime import DEEPEST

HEAD = "From: Ada Weir <ada@mill.example>\nSubject: The hinge\nMessage-ID: <1@mill.example>\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n"


def shown(tmp_path: Path, message: str | bytes, head: str = HEAD) -> tuple[Edited, list[str]]:
    """The one post of a message, and the codes of its problems."""
    path = tmp_path / "one.eml"
    path.write_bytes(head.encode() + (message.encode() if isinstance(message, str) else message))
    (edition,) = inspections(path)
    (post,) = edition.posts
    return post, [problem.code for problem in edition.problems]


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


PLAIN, HTML = "Content-Type: text/plain\n\n", "Content-Type: text/html\n\n"


def test_alternatives_are_chosen_within_their_own_part(tmp_path: Path) -> None:
    inner = multipart("alternative", f"{PLAIN}The hinge sings.", f"{HTML}<p>The hinge <b>sings</b>.</p>", boundary="c")
    post, codes = shown(tmp_path, multipart("mixed", inner, f"{HTML}<p>It was oiled.</p>", f"{PLAIN}village list"))
    assert post.body.text == "The hinge sings.\n\nIt was oiled.\n\nvillage list"
    assert codes == []


@pytest.mark.parametrize(("words", "expected"), [(HALF, "html"), (HALF + 1, "plain")])
def test_plain_text_that_lacks_half_of_the_words_is_not_what_was_written(
    tmp_path: Path, words: int, expected: str
) -> None:
    said = ["alpha", "beta", "gamma", "delta"][:words]
    html = f"{HTML}<p>{' '.join(said)}</p>"
    post, codes = shown(tmp_path, multipart("alternative", f"{PLAIN}{' '.join(said[:-1])}", html))
    assert post.body.text == " ".join(said if expected == "html" else said[:-1])
    assert codes == ["alternatives"]


def test_of_alternatives_that_are_no_plain_text_the_last_is_shown(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, multipart("alternative", f"{HTML}<p>Poor.</p>", f"{HTML}<p>Rich.</p>"))
    assert post.body.text == "Rich."


@pytest.mark.parametrize(
    ("part", "text", "names"),
    [
        ('Content-Type: text/plain; name="plan.txt"\n\nThe plan.', "The plan.", ["plan.txt"]),
        ("Content-Type: text/x-patch\nContent-Disposition: inline; filename=a.diff\n\n-gate", "-gate", ["a.diff"]),
        ("Content-Type: text/plain\nContent-Disposition: attachment; filename=plan.txt\n\nNo.", "", ["plan.txt"]),
        ("Content-Type: text/calendar\n\nBEGIN:VCALENDAR", "", ["text/calendar"]),
        ("Content-Type: image/png; name*=utf-8''r%C3%A4der.png\n\nx", "", ["räder.png"]),
    ],
)
def test_inline_text_is_shown_and_other_files_are_named(tmp_path: Path, part: str, text: str, names: list[str]) -> None:
    post, codes = shown(tmp_path, multipart("mixed", part))
    assert (post.body.text, [each.name for each in post.post.raw.attachments], codes) == (text, names, [])


def test_enriched_and_rich_text_show_their_words_without_tags(tmp_path: Path) -> None:
    enriched = (
        "Content-Type: text/enriched\n\n<param>red</param>It <bold>sings</bold>,\nyes.\n\n<nofill>a\nb</nofill> <<b>"
    )
    post, _ = shown(tmp_path, enriched)
    assert post.body.text == "It sings, yes.\na\nb <b>"
    post, _ = shown(
        tmp_path, "Content-Type: text/richtext\n\n<bold>It</bold>\nsings.<nl>Yes <lt> no<comment>x</comment>"
    )
    assert post.body.text == "It sings.\nYes < no"


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ('; boundary="<<001-aa>>"', "<<001-aa>>"),
        ("; boundary=<x>", "<x>"),
        ("", "whatever"),
        ('; boundary="other"', "in fact"),
        ('; boundary="b  "', "b"),
    ],
)
def test_a_boundary_that_is_odd_or_unknown_is_found(tmp_path: Path, field: str, lines: str) -> None:
    body = f"--{lines}\nContent-Type: text/plain\n\nIt sings.\n--{lines}\nContent-Type: text/html\n\n<p>Yes.</p>\n--{lines}--\n"
    post, codes = shown(tmp_path, f"Content-Type: multipart/mixed{field}\n\n{body}")
    assert (post.body.text, codes) == ("It sings.\n\nYes.", [])


def test_without_any_boundary_the_body_is_shown_and_a_problem_says_so(tmp_path: Path) -> None:
    post, codes = shown(tmp_path, "Content-Type: multipart/mixed\n\nIt has words.\n")
    assert (post.body.text, codes) == ("It has words.", ["bad-mime"])


def test_a_boundary_in_the_middle_of_a_line_or_longer_than_named_is_none(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, multipart("mixed", f"{PLAIN}a --b\n--bb\n --b\nend"))
    assert post.body.text == "a --b\n--bb\n--b\nend"


def test_what_a_list_writes_below_the_last_part_is_shown(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, multipart("mixed", f"{PLAIN}It sings.") + "\nThe village list\n")
    assert post.body.text == "It sings.\n\nThe village list"


def test_a_message_of_another_kind_shows_its_words_where_it_has_any(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, "Content-Type: application/pgp; format=text\n\nIt sings.\n")
    assert post.body.text == "It sings."
    post, _ = shown(tmp_path, b"Content-Type: application/octet-stream\n\n\x01\x02")
    assert (post.body.text, [each.name for each in post.post.raw.attachments]) == ("", ["application/octet-stream"])


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("base64", "SXQgc2luZ3Mu"), ("base64", "SXQg\nc2luZ3Mu\n"), ("quoted-printable", "It=20sin=\ngs."), ("x-uue", "begin 644 a\n)270@<VEN9W,N\n`\nend\n")],
)  # fmt: skip
def test_transfer_encodings_are_undone(tmp_path: Path, encoding: str, body: str) -> None:
    post, _ = shown(tmp_path, f"Content-Type: text/plain\nContent-Transfer-Encoding: {encoding}\n\n{body}")
    assert post.body.text == "It sings."


FORWARDED = "From: Bede Hill <bede@hill.example>\nDate: Sun, 3 Mar 2024 10:00:00 +0000\nSubject: the toll\n\nThe toll must be doubled."


@pytest.mark.parametrize("field", ["", "Content-Disposition: attachment; filename=toll.eml\n"])
def test_a_message_within_a_message_is_its_own_authors(tmp_path: Path, field: str) -> None:
    inner = f"Content-Type: message/rfc822\n{field}\n{FORWARDED}"
    post, _ = shown(tmp_path, multipart("mixed", f"{PLAIN}I do not agree.", inner))
    assert [(block.kind, block.depth) for block in post.body.blocks] == [
        ("paragraph", 0),
        ("attribution", 0),
        ("paragraph", 1),
        ("paragraph", 1),
    ]
    assert "Bede Hill wrote:" in post.body.text
    assert "bede@hill.example" not in post.body.text
    assert post.body.text.endswith("The toll must be doubled.")


def test_without_its_from_a_message_within_is_nobodys(tmp_path: Path) -> None:
    inner = FORWARDED.partition("\n")[2]
    post, _ = shown(tmp_path, multipart("mixed", f"{PLAIN}I do not agree.", f"Content-Type: message/rfc822\n\n{inner}"))
    assert "Original message" in post.body.text
    assert "wrote" not in post.body.text
    assert post.body.blocks[-1].depth == 1


def test_a_forwarded_page_is_a_quotation_too(tmp_path: Path) -> None:
    inner = FORWARDED.replace(
        "\n\nThe toll must be doubled.", "\nContent-Type: text/html\n\n<p>The toll <i>must</i>.</p>"
    )
    post, _ = shown(tmp_path, multipart("mixed", f"{PLAIN}No.", f"Content-Type: message/rfc822\n\n{inner}"))
    assert [block.depth for block in post.body.blocks] == [0, 0, 1, 1]
    assert post.body.text.endswith("Subject: the toll\n\nThe toll must.")


def test_messages_within_messages_to_any_depth_end(tmp_path: Path) -> None:
    message = (
        "".join("Content-Type: message/rfc822\n\n" for _ in range(DEEPEST * 3)) + "Content-Type: text/plain\n\nDeep."
    )
    post, _ = shown(tmp_path, message)
    assert "Deep." in post.body.text


def test_who_wrote_is_who_from_names_and_without_it_nobody(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, "\nIt sings.")
    assert post.post.raw.author is not None
    assert post.post.raw.author.name == "Ada Weir"
    post, _ = shown(tmp_path, "\nIt sings.", HEAD.partition("\n")[2])
    assert post.post.raw.author is None


BOUNDED = f"--b\n{PLAIN}The hinge sings.\n--b\n{{other}}\n--b--\n"


@pytest.mark.parametrize(
    "above",
    [
        "",
        "\n",
        "This is a multi-part message in MIME format.\n",
        "A message in MIME format.\n\n",
        "This is a MIME-encapsulated message\n\n",
        "  A message in MIME format.\n  The first part\n  is text,\n  the others are not.\n\n",
    ],
)
def test_parts_whose_header_is_lost_are_found(tmp_path: Path, above: str) -> None:
    other = 'Content-Type: text/x-diff; name="hinge.diff"\nContent-Disposition: attachment\n\n+oil'
    post, codes = shown(tmp_path, f"\n{above}{BOUNDED.format(other=other)}")
    assert (post.body.text, [file.name for file in post.post.raw.attachments], codes) == (
        "The hinge sings.",
        ["hinge.diff"],
        [],
    )


def test_alternatives_whose_header_is_lost_are_shown_once(tmp_path: Path) -> None:
    post, _ = shown(tmp_path, f"\n{BOUNDED.format(other=f'{HTML}<p>The hinge sings.</p>')}")
    assert post.body.text == "The hinge sings."


@pytest.mark.parametrize(
    "body",
    [
        f"I said:\n{BOUNDED.format(other=PLAIN)}",
        f"MIME format:\nthe first\nthe second\nthe third\nthe fourth\n{BOUNDED.format(other=PLAIN)}",
        f"--b\n{PLAIN}The hinge sings.\n--c--\n",
        "--b\nThe hinge sings.\n--b--\n",
    ],
)
def test_text_that_only_resembles_parts_stays(tmp_path: Path, body: str) -> None:
    post, _ = shown(tmp_path, f"\n{body}")
    assert "--b" in post.body.text


def test_which_words_are_searched_does_not_depend_on_the_order_of_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.readers.mail.bodies.CUT", 2)
    # Of the words that the plain text lacks, the first two are parts of its words; those after them are not looked for.
    page = "<p>bell dusk gate mill weir</p>"
    assert _lost(page, "bellgateduskmillweir") == (5, 3)
    assert _lost(page, "bells dusks ring") == (5, 3)
    assert _lost(page, "mills weirs ring") == (5, 5)


BASE64 = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("VGhlIGhpbmdlIHNp\nbmdzLg==\n", "The hinge sings."),
        ("VGhlIGhpbmdlIHNp\nbmdzLg==", "The hinge sings."),
        ("VGhlIGhpbmdlIHNp\n\nbmdzLg==\n", "The hinge sings."),
        ("VGhlIGhpbmdlIHNpbmdzLg==\n-- \nthe village list\n", "The hinge sings.\n\nthe village list"),
    ],
)
def test_what_a_list_wrote_below_base64_stays_as_it_is(tmp_path: Path, body: str, text: str) -> None:
    post, codes = shown(tmp_path, f"{BASE64}{body}")
    assert (post.body.text.replace("-- \n", ""), codes) == (text, [])


def test_files_between_the_lines_become_attachments(tmp_path: Path) -> None:
    file = "begin 644 plan.txt\n#0V%T\n`\nend\n"
    for head in ("\n", PLAIN, f"{PLAIN.strip()}\nContent-Transfer-Encoding: quoted-printable\n\n"):
        post, codes = shown(tmp_path, f"{head}The plan:\n{file}As I said.\n")
        assert (post.body.text, [each.name for each in post.post.raw.attachments], codes) == (
            "The plan:\n\nAs I said.",
            ["plan.txt"],
            [],
        )


def test_html_may_declare_its_own_charset(tmp_path: Path) -> None:
    page = "<meta charset=koi8-r><p>Ворота закрыты ночью.</p>"
    for field, text in ((b"", "Ворота закрыты ночью."), (b"; charset=cp1251", "чПТПФБ ЪБЛТЩФЩ ОПЮША.")):
        post, codes = shown(tmp_path, b"Content-Type: text/html" + field + b"\n\n" + page.encode("koi8-r"))
        assert (post.body.text, codes) == (text, [])


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("iso2022_jp", ""), ("iso2022_jp", "utf-8"), ("iso2022_jp", "iso-2022-jp"), ("iso2022_jp_ext", "iso-2022-jp")],
)
def test_japanese_in_seven_bits_is_read_whatever_is_named(tmp_path: Path, encoding: str, named: str) -> None:
    words = "水門は夜に閉めます。" + "\uff84\uff9e" * (encoding == "iso2022_jp_ext")
    head = f"Content-Type: text/plain; charset={named}\n\n" if named else "\n"
    post, codes = shown(tmp_path, head.encode() + words.encode(encoding))
    assert (post.body.text, codes) == (words, [])


def test_a_charset_that_is_unknown_is_a_likely_one(tmp_path: Path) -> None:
    for encoding, expected in (("utf-8", []), ("cp1252", ["encoding"])):
        data = b"Content-Type: text/plain; charset=unknown-8bit\n\n" + "Das Tor führt “hinaus”.".encode(encoding)
        post, codes = shown(tmp_path, data)
        assert (post.body.text, codes) == ("Das Tor führt “hinaus”.", expected)
