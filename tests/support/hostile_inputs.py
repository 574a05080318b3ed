"""Inputs that a parser which looks back again and again cannot finish, for every reader, of any size."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HTML = "<!DOCTYPE html><html><head><title>t</title></head><body>"
PHPBB = HTML + '<div id="p1" class="post"><p class="author"><strong>ada</strong></p><div class="content">'
MAIL = "From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\nMessage-ID: <1@x>\nSubject: s\n"
MIME = MAIL + 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'


def _filled(head: str, piece: str, tail: str = "") -> Callable[[int], str]:
    return lambda size: head + piece * max(1, (size - len(head) - len(tail)) // len(piece)) + tail


def _posts(row: Callable[[int], dict[str, object]]) -> Callable[[int], str]:
    """Lines of JSON, as many as fit."""
    return lambda size: "".join(
        json.dumps(row(number)) + "\n" for number in range(size // (len(json.dumps(row(9_999))) + 1))
    )


def _nested(open: str, middle: str, close: str) -> Callable[[int], str]:
    return lambda size: open * (size // len(open + close)) + middle + close * (size // len(open + close))


def _multiparts(size: int) -> str:
    depth = size // 70
    return MAIL + "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth))


INPUTS: dict[str, Callable[[int], str]] = {
    # JSON, by way of readers that load one value, and of lines
    "discourse: brackets that stay open": lambda size: '{"post_stream": {"posts": [' + "[" * size,
    "discourse: objects cut short": _filled('{"post_stream": {"posts": [{"id": 1, "cooked": "', 'x"}, {"a": [', ""),
    "discourse: brackets nested": lambda size: '{"post_stream": {"posts": [' + "[" * (size // 2) + "]" * (size // 2) + "]}}",
    "discourse: escapes": _filled('{"post_stream": {"posts": [{"post_number": 1, "cooked": "', "\\ud83d", '"}]}}'),
    "discourse: quotes that stay open": _filled('{"post_stream": {"posts": [{"post_number": 1, "cooked": "', '\\"'),
    "discourse: the same number": lambda size: json.dumps({"post_stream": {"posts": [{"post_number": 1, "cooked": str(n)} for n in range(size // 40)]}}),
    "discourse: posts and bodies": _filled('{"a": [', '"post_number": 1 ,'),
    "hackernews: a tree": _nested('{"id": 1, "created_at_i": 1, "children": [', "", "]}"),
    "hackernews: signs in the head": _filled("{", '"created_at_i": 1, '),
    "hackernews: a long chain": _posts(lambda n: {"id": n, "type": "comment", "by": "a", "time": 1, "text": "x", "parent": n - 1 if n else None}),
    "hackernews: a long chain, last first": _posts(lambda n: {"id": n, "type": "comment", "by": "a", "time": 1, "text": "x", "parent": n + 1}),
    "activitypub: signs in the head": _filled("{", '"in_reply_to_id": 1, '),
    "activitypub: wrapped": _nested('{"type": "Create", "object": ', "1", "}"),
    "activitypub: rings": _posts(lambda n: {"id": f"https://a.example/{n}", "type": "Note", "content": "x", "inReplyTo": f"https://a.example/{n ^ 1}"}),
    "lemmy: objects": _nested('{"post": {"id": 1}, "comment": ', "1", "}"),
    "github: comments": _nested('{"number": 1, "title": "t", "url": "https://github.com/a/b/issues/1", "body": "x", "comments": [', "", "]}"),
    "reddit: replies": _nested('{"kind": "t1", "data": {"id": "a", "body": "x", "replies": ', '""', "}}"),
    "reddit: lines": _posts(lambda n: {"id": str(n), "link_id": "t3_a", "parent_id": f"t1_{n - 1}", "subreddit": "s", "body": "x"}),
    "posts: the same id": _posts(lambda n: {"id": 1, "parent": None, "body": str(n)}),
    "posts: one ring": lambda size: _posts(lambda n: {"id": n, "parent": (n + 1) % (size // 45), "body": "x"})(size),
    "posts: a long chain": _posts(lambda n: {"id": n, "parent": n - 1 if n else None, "body": "x"}),
    "posts: all missing": _posts(lambda n: {"id": n, "parent": f"m{n}", "body": "x"}),
    "posts: bad lines": _filled('{"id": 1, "parent": null, "body": "x"}\n', "[\n"),
    "posts: wrong fields": _posts(lambda n: {"id": n, "thread": n % 999, "parent": [], "author": 1, "score": "x", "body": ["x"]}),
    "posts: long times": _posts(lambda n: {"id": n, "parent": None, "created": "1" * 5_000, "body": "x"}),
    "convokit: one conversation": _posts(lambda n: {"id": str(n), "conversation_id": "0", "reply_to": str(n - 1), "speaker": "a", "text": "x", "timestamp": n}),
    "slack: messages": lambda size: json.dumps([{"type": "message", "ts": f"{1_700_000_000 + n}.000000", "text": "x", "user": "U"} for n in range(size // 80)]),
    "zulip: signs in the head": _filled("{", '"sender_full_name": 1, '),
    "zulip: quotations": lambda size: json.dumps([{"id": 1, "sender_full_name": "a", "subject": "s", "display_recipient": "c", "content": "@_**" * (size // 4)}]),
    "forum-dl: one thread": _posts(lambda n: {"type": "post", "path": ["1"], "subpath": [str(n)], "title": "t", "author": "a", "content": "x"}),
    "forum-export: rows": lambda size: json.dumps([{"post_id": n, "topic_id": 1, "post_text": "x", "post_subject": "s"} for n in range(size // 70)]),
    "forum-export: quotations": lambda size: json.dumps([{"post_id": 1, "topic_id": 1, "post_text": "[quote " + ";" * size, "bbcode_uid": ":"}]),
    "iac: ranges of a list": lambda size: json.dumps([[[n, None, "a", "x", {}, 1, None, None] for n in range(size // 45)], {}, {}]),
    "rostra: documents": lambda size: json.dumps({"rostra": 1, "id": "a", "posts": [{"id": "1", "html": "<p>" * (size // 3)}]}),
    "rostra: footnotes": lambda size: json.dumps({"rostra": 1, "id": "a", "posts": [{"id": "1", "html": "<sup class='call'>1</sup>" * (size // 28)}]}),
    # mail
    "mail: references": lambda size: MAIL + "References: " + " ".join(f"<{n}@x>" for n in range(size // 12)) + "\n\nwords\n",
    "mail: separators": _filled(MAIL + "\n", "From a@b.example Mon Mar  4 09:00:00 2024\n"),
    "mail: messages": _filled("", MAIL.replace("<1@x>", "<1@x> ") + "\nx\n\n"),
    "mail: separators almost": _filled(MAIL + "\nFrom ", "1234 5 "),
    "mail: quoted separators": _filled(MAIL + "\n", ">From \n"),
    "mail: signs of quotation": _filled(MAIL + "\n", ">"),
    "mail: headers": _filled(MAIL.rstrip("\n") + "\n", "X: y\n"),
    "mail: a folded header": _filled(MAIL + "References:", "\n <a@b>"),
    "mail: spaces in a name": _filled("From a@b.example Mon Mar  4 09:00:00 2024\nMessage-ID: <1@x>\nDate: x\nFrom: a", " ", "b\n\nx\n"),
    "mail: a subject of answers": _filled(MAIL.replace("Subject: s\n", "Subject: "), "re: [x] ", "\n\nx\n"),
    "mail: encoded words": _filled(MAIL.replace("Subject: s\n", "Subject: "), "=?a?q?", "\n\nx\n"),
    "mail: boundaries": _filled(MIME, "--b\n"),
    "mail: multiparts within each other": _multiparts,
    "mail: parameters": _filled(MAIL + "Content-Type: multipart/mixed", ";", "\n\nx\n"),
    "mail: parameters, folded": _filled(MAIL + "Content-Type: multipart/mixed", ";\n a=b", "\n\nx\n"),
    "mail: base64": _filled(MIME + "--b\nContent-Transfer-Encoding: base64\n\n", "A\n"),
    "mail: flowed": _filled(MAIL + "Content-Type: text/plain; format=flowed\n\n", "> a \n"),
    "mail: flowed, one line": _filled(MAIL + "Content-Type: text/plain; format=flowed\n\n", "a \n"),
    "mail: a chain": lambda size: "".join(f"From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\nSubject: s\nMessage-ID: <{n}@x>\nReferences: <{n - 1}@x>\n\nx\n\n" for n in range(size // 130)),
    "mail: references to what is missing": lambda size: "".join(f"From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\nSubject: s\nMessage-ID: <{n}@x>\nReferences: <r@x> <m{n}@x>\n\nx\n\n" for n in range(size // 140)),
    "mail: one subject": lambda size: "".join(f"From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\nSubject: Re: s\nMessage-ID: <{n}@x>\n\nx\n\n" for n in range(size // 110)),
    "mail: alternatives": _filled(MIME.replace("mixed", "alternative") + "--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/html\n\n", "<p>"),
    # pages
    "html: tags that stay open": _filled(HTML, "<div>"),
    "html: spaces": _filled(HTML, " "),
    "html: comments before it": _filled("<!-- x -->", "<!-- "),
    "html: angle brackets": _filled(HTML, "<"),
    "forum: bodies": _filled(PHPBB + "</div></div>", '<div class="post" id="p2"><div class="content">x</div></div>'),
    "forum: quotations": _filled(PHPBB, "<blockquote><cite>a wrote:</cite>"),
    "forum: spaces before a time": _filled(PHPBB.replace("<strong>", " " + "» " + "<strong>") + "x</div>", "<p> by "),
    "forum: a title of dashes": _filled("<!DOCTYPE html><html><head><title>", " - ", "</title></head><body>" + PHPBB.removeprefix(HTML) + "x</div></div>"),
    # text
    "text: spaces": _filled("ada 2 days ago\n", " "),
    "text: lines of spaces": _filled("ada 2 days ago\nx\n", " " * 150 + "x\n"),
    "text: tabs": _filled("ada 2 days ago\n", "\t" * 100 + "x\n"),
    "text: headers": _filled("", "ada 2 days ago\nx\n"),
    "text: deeper and deeper": lambda size: "".join(" " * n + "ada 2 days ago\n" + " " * n + "x\n" for n in range(int((size) ** 0.5))),
    "text: names": _filled("", "a b c d e · · · |\n"),
    "text: digits": _filled("ada 2 days ago\nx\n", "1" * 159 + "\n"),
    "text: months": _filled("ada 2 days ago\nx\n", "mon tue jan feb 1 " * 8 + "\n"),
    "text: marks of quotation": _filled("ada 2 days ago\nx\n", ">" * 100 + "\n"),
    "text: one line of marks": _filled("> ada 2 days ago\n> x\n> bede 1 day ago\n> y\n", ">"),
    "text: rails": _filled("| ada 2 days ago\n| x\n| bede 1 day ago\n| y\n", "| " * 40 + "\n"),
    "text: one line of rails": _filled("| ada 2 days ago\n| x\n| bede 1 day ago\n| y\n", "| "),
    "text: buttons": _filled("ada 2 days ago\nx\nbede 1 day ago\ny\n", "reply share\n"),
    "text: numbers and buttons": _filled("ada 2 days ago\nx\nreply\nbede 1 day ago\ny\nreply\n", "5\nreply\n"),
    "text: buttons on a line": _filled("ada 2 days ago\nx\nbede 1 day ago\ny\n", "reply "),
    "text: bullets": _filled("", "* x\n  * y\n"),
    "text: blank lines": _filled("ada 2 days ago\n", "\n", "x"),
    "handwritten: fences": _filled("# T\n\n## [1] ada\n\n", "```\n"),
    "handwritten: fences of two kinds": _filled("# T\n\n## [1] ada\n\n", "```\n~~~~\n"),
    "handwritten: fences that stay open": lambda size: "# T\n\n## [1] ada\n\n" + "".join("`" * n + "x\n" for n in range(3, int((2 * size) ** 0.5))),
    "handwritten: headings": _filled("# T\n\n", "## [1] ada, 2024-03-04 09:00 UTC\nx\n"),
    "handwritten: headings and fences": _filled("# T\n\n", "## [1] ada\n```\n```\n"),
    "handwritten: a heading of commas": _filled("# T\n\n## [1] ", ", ", "\nx\n"),
    "handwritten: spaces": _filled("# T", " ", "x\n\n## [1] ada\n"),
    "kialo: the same number": _filled("Discussion Title: t\n\n", "1.1. Pro: x\n"),
    "kialo: deep numbers": _filled("Discussion Title: t\n\n1. x\n", "1.", " x\n"),
    "kialo: spaces": _filled("Discussion Title: t", " ", "x\n\n1. x\n"),
    "wikitext: signatures": _filled("== T ==\n", "x [[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: links on a line": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\n", "[[User:A]]", " 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: spaces before a signature": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\nx", " ", "[[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: spaces within a signed line": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\nx", " ", "y [[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: dashes": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\nx", "<b", "[[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: colons": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\n", ":", "x [[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: sections": _filled("x [[User:A]] 09:00, 4 March 2024 (UTC)\n", "== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\n"),
    "wikitext: headings that stay open": _filled("x [[User:A]] 09:00, 4 March 2024 (UTC)\n", "==a", "\n"),
    "wikitext: a heading of spaces": _filled("x [[User:A]] 09:00, 4 March 2024 (UTC)\n== a", " ", "b\n"),
    "wikitext: templates": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\n", "{{unsigned|", "\n"),
    "wikitext: stamps": _filled("== T ==\nx [[User:A]] 09:00, 4 March 2024 (UTC)\n", "09:00, 4 March 2024 (UTC) ", "\n"),
    # tables of XML
    "stackexchange: rows": _filled("<posts>\n", '<row Id="1" PostTypeId="1" Body="x" />\n'),
    "stackexchange: lines of a row": _filled('<posts>\n<row Id="1"\n', "x\n"),
    "stackexchange: rows that stay open": _filled('<posts>\n<row Id="1" />\n', "<row "),
    "disqus: elements": _filled("<disqus >", "<post><message>x</message></post>", "</disqus>"),
    "disqus: elements that stay open": _filled("<disqus >", "<post>"),
    "disqus: comments": _filled("", "<!-- x -->", "<disqus >"),
    "wordpress: code that stays open": _filled('<rss a="wordpress.org/export/"><channel><item><post_type>post</post_type><status>publish</status><title>', "&lt;pre ", "</title></item></channel></rss>"),
    "wordpress: comments": _filled('<rss a="wordpress.org/export/"><channel><item>', "<comment><comment_approved>1</comment_approved><comment_content>x</comment_content></comment>", "</item></channel></rss>"),
    "stackexchange: spaces": _filled('<posts>\n<row Id="1"', " ", "/>"),
}  # fmt: skip

READ = """
import sys, time
from pathlib import Path
from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.readers import Dump
from rostra.ingest.dump_threads import read_threads as threads
begun = time.process_time()
try:
    for thread in threads(Dump(Path(sys.argv[1])), Card(format=sys.argv[2])):
        pass
except RostraError:
    pass
print(time.process_time() - begun)
"""


def seconds(name: str, size: int, limit: int | None = None) -> float:
    """CPU seconds to read an input of a size to assembled threads, in a process of its own, which has ``limit`` of them."""
    import resource
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.json"
        path.write_text(INPUTS[name](size), encoding="utf-8")

        def limited() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))

        command = [sys.executable, "-c", READ, str(path), name.partition(":")[0]]
        done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=limited)
        return float(done.stdout)
