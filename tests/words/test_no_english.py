"""What Rostra itself says of posts is said in the site's language, wherever it comes from: a reader, a card, a merge."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from lxml import html

import rooms
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.i18n import reasons
from rostra.i18n.catalogue import Catalogue
from rostra.i18n.reasons import reason
from rostra.i18n.remarks import REMARKS, remark
from rostra.media.kinds import OTHERS, NotPublished
from rostra.render.pages.problems import ABOUT
from rostra.render.templates import built_in

WORDS = "Wer das obere Wehr in der Sturmnacht geöffnet hat, der musste wissen, dass die untere Wiese am Morgen unter Wasser steht."
MAIL = f"""From kim@example.org Mon Mar  4 09:00:00 2024
From: Kim <kim@example.org>
Subject: Das Wehr
Date: Mon, 4 Mar 2024 09:00:00 +0000
Message-ID: <1@example.org>
X-No-Archive: yes

{WORDS}

From ole@example.org Mon Mar  4 10:00:00 2024
From: Ole <ole@example.org>
Subject: Re: Das Wehr
Date: Mon, 4 Mar 2024 10:00:00 +0000
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>

Das ist wahr.
"""
REDDIT = [
    {"name": "t1_a", "parent_id": "t3_a", "link_id": "t3_a", "author": "kim", "created_utc": 1709542800, "body": "Wer?", "stickied": True},
    {"name": "t1_b", "parent_id": "t3_a", "link_id": "t3_a", "author": "ole", "created_utc": 1709546400, "body": "Ich.", "distinguished": "moderator"},
]  # fmt: skip
GATE = [
    {"id": 1, "parent": None, "author": "Kim", "created": "2024-03-01T09:00:00Z", "title": "Das Wehr", "body": "Wer war es?"},
    {"id": 2, "parent": 1, "author": None, "created": "2024-03-01T10:00:00Z", "body": WORDS},
    {"id": 3, "parent": 1, "author": "Ole", "created": "2024-03-01T11:00:00Z", "body": "Das bleibt unter uns."},
]  # fmt: skip
LATER = [
    {**GATE[0], "body": "Wer war es denn?"},
    {"id": 4, "parent": 1, "author": "Ida", "created": "2024-03-02T11:00:00Z", "body": "Niemand weiß es."},
]
MILL = [
    {"id": 1, "parent": None, "author": "Ida", "created": "2024-03-05T09:00:00Z", "title": "Die Mühle", "body": f"> {WORDS}\n\nSo steht es dort."},
]  # fmt: skip
CARD = """id = "wehr"
captured = "2024-04-01"

[[correction]]
post = "p-2"
person = "A"

[[correction]]
post = "p-3"
withdrawn = "Er bat darum"
"""
FILES = """From ida@example.org Wed Mar  6 09:00:00 2024
From: Ida <ida@example.org>
Subject: Der Plan
Date: Wed, 6 Mar 2024 09:00:00 +0000
Message-ID: <3@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=teil

--teil
Content-Type: text/html

<p>Hier ist er: <img src="data:image/png;base64,TVqQAA==" alt="Plan"></p>
--teil
Content-Type: video/quicktime
Content-Disposition: attachment; filename=rad.mov
Content-Transfer-Encoding: base64

AAAAFGZ0eXBxdCAg
--teil--

"""
"""A program as a picture, and a film that not every browser shows."""
ENGLISH = (
    "Withdrawn",
    "Unnamed",
    "unnamed",
    "Pinned",
    "Marked as",
    "not be archived",
    "Edited",
    "by the same person",
    "it is",
    "program",
    "kind",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("german")
    content = folder / "content"
    content.mkdir()
    (folder / "rostra.toml").write_text('title = "Archiv"\nlanguage = "de"\nextras = true\n')
    (content / "liste.mbox").write_text(MAIL)
    for name, posts in {"reddit": REDDIT, "wehr": GATE, "wehr-neu": LATER, "mill": MILL}.items():
        (content / f"{name}.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    (content / "plan.mbox").write_text(FILES)
    (content / "plan.toml").write_text('id = "plan"\n')
    (content / "wehr.toml").write_text(CARD)
    (content / "wehr-neu.toml").write_text('id = "wehr"\ncaptured = "2024-05-01"\n')
    (content / "liste.toml").write_text("publish_no_archive = false\n")
    assert build(load_site(folder)).failures == ()
    return folder / "public"


def test_the_site_has_a_post_of_each_kind(site: Path) -> None:
    said = " ".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    for german in (
        "Zurückgezogen: Er bat darum",
        "Unbekannt A",
        "Angeheftet",
        "Mit der Bitte, nicht archiviert zu werden",
    ):
        assert german in said


def shown(path: Path) -> str:
    """What a file says; diagnostics of a dump are English on every site, and marked as such."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".html":
        return text
    page = html.document_fromstring(text)
    for element in page.xpath("//*[@lang='en'] | //script | //style"):
        element.drop_tree()
    return " ".join([*page.itertext(), *page.xpath("//@title | //@aria-label | //@content | //@alt")])


@pytest.mark.parametrize("pattern", ["*.html", "*.xml", "citations.*", "feed*.json"])
def test_no_page_of_a_german_site_says_it_in_english(site: Path, pattern: str) -> None:
    files = sorted(site.rglob(pattern))
    assert files
    assert {(path.name, word) for path in files for word in ENGLISH if word in shown(path)} == set()


def test_the_document_for_programs_stays_in_english(site: Path) -> None:
    posts = json.loads((site / "debates/wehr/thread.json").read_text())["posts"]
    assert {post["note"] for post in posts} == {None, "Withdrawn: Er bat darum"}
    assert [post["author"]["name"] for post in posts if post["id"] == "p-2"] == ["Unnamed A"]


def codes() -> set[str]:
    """The codes of problems that a debate's page may list."""
    found = set()
    for path in rooms.modules():
        if rooms.room(path) in {"readers", "threads", "quotations", "editorial", "ingest"}:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem":
                    values = [each.value for each in node.keywords if each.arg == "code"]
                    found |= {each.value for each in values if isinstance(each, ast.Constant)}
    return found


def test_each_problem_of_a_debate_is_told_in_the_site_s_language() -> None:
    about_the_site = {"read-otherwise", "names-alike"}
    assert len(codes()) > 30
    assert codes() - ABOUT.keys() == about_the_site


@pytest.mark.parametrize("message", REMARKS)
def test_each_remark_of_a_reader_is_translated_alone_and_beside_others(message: str) -> None:
    german = Catalogue("de", [built_in() / "words"])
    said = message % {"what": "x"} if "%" in message else message
    translated = remark(said, german)
    assert translated != said
    assert remark(f"{said}; von Ida", german) == f"{translated}; von Ida"


def test_why_a_file_is_not_published_is_said_in_german_and_stays_english_in_data(site: Path) -> None:
    page = (site / "debates/plan/index.html").read_text(encoding="utf-8")
    program = "it is a program"
    film = "it is media of the kind 'qt', which not every browser shows"
    assert "(nicht veröffentlicht: Die Datei ist ein Programm)" in page
    assert "ein Medium der Art &#39;qt&#39;, das nicht jeder Browser zeigt" in page
    (post,) = json.loads((site / "debates/plan/thread.json").read_text())["posts"]
    assert [each["withheld"] for each in (*post["pictures"], *post["attachments"])] == [program, film]


class Recorder(Catalogue):
    """English that records which messages are said."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def say(self, message: str, **values: object) -> str:
        self.messages.append(message)
        return super().say(message, **values)


VALUES = {"num": 70, "most": 64, "brand": "'qt'", "kind": reasons.PROGRAM}


@pytest.mark.parametrize("message", [*reasons.REASONS, reasons.UNREADABLE])
def test_each_reason_for_which_a_file_is_not_published_is_found(message: str) -> None:
    words = Recorder()
    assert reason(message % VALUES, words) == message % VALUES
    assert words.messages == ([reasons.PROGRAM, message] if message == reasons.OF_KIND else [message])


@pytest.mark.parametrize("kind", [*reasons.KINDS, *dict.fromkeys(what for _, _, what in OTHERS)])
def test_each_kind_of_file_that_is_not_published_is_found(kind: str) -> None:
    words, why = Recorder(), NotPublished(kind % VALUES).why
    assert reason(why, words) == why
    assert words.messages == [kind, reasons.OF_KIND]


def test_the_cause_for_which_a_file_cannot_be_read_is_not_on_pages() -> None:
    german = Catalogue("de", [built_in() / "words"])
    assert reason("it cannot be read: Permission denied: '/srv/a.png'", german) == "Die Datei kann nicht gelesen werden"


def test_numbers_of_a_reason_are_as_the_language_writes_them() -> None:
    german = Catalogue("de", [built_in() / "words"])
    said = reason(reasons.MANY_FRAMES % {"num": 12345, "most": 128}, german)
    assert said == "Die 12.345 Einzelbilder der Datei haben zusammen mehr als 128 Millionen Pixel"


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert reason("it is a unicorn", Catalogue("de", [built_in() / "words"])).endswith("a unicorn")


def test_media_gives_no_reason_besides_those_that_are_translated() -> None:
    given = [
        ast.unparse(node.args[0])
        for path in rooms.modules()
        if rooms.room(path) == "media"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Unfit", "NotPublished")
    ]
    assert len(given) > 10
    others = {"what", "NotPublished(reasons.UNKNOWN).why"}
    assert {each for each in given if not each.startswith("reasons.")} == others
