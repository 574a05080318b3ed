"""Links that would run, load or frame something if a browser took them as they were meant, in every place that takes one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

POLICY = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", re.IGNORECASE)
RUN = "document.documentElement.dataset.owned=1"
SCHEMES = [
    f"javascript:{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>parent.{RUN}</script>",
    "blob:https://evil.example/1",
]
SPACES = [chr(n) for n in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF)]
BEFORE = ["", " ", "\t", "\n", "\x01", "\x1f", *SPACES, "&nbsp;", "&#x2003;", "&Tab;", "&#1;", "%20", "/", "//", "\\"]


def obfuscated(link: str) -> Iterator[str]:
    yield from (before + link for before in BEFORE)
    scheme, _, rest = link.partition(":")
    yield f"{scheme.upper()}:{rest}"
    yield from (
        f"{scheme[:4]}{sign}{scheme[4:]}:{rest}" for sign in ("\t", "\n", "\r", "&Tab;", "&#10;", "\x00", "\u00ad")
    )
    yield from (f"{scheme}{colon}{rest}" for colon in ("&colon;", "&#58;", "&#x3a;", "%3a", "\uff1a", " :", "\t:"))
    yield from (
        f"https:{link}",
        f"http:///{link}",
        f"https://{link}",
        f"view-source:{link}",
        f"feed:{link}",
        f"{link}#https://x.example/",
    )


LINKS = list(dict.fromkeys(each for scheme in SCHEMES for each in obfuscated(scheme)))
LIVE = [
    f"<script>{RUN}</script>", f'<img src="x" onerror="{RUN}">', f'<img srcset="x 1x" onerror="{RUN}">', f'<svg onload="{RUN}"></svg>',
    f'<svg><a xlink:href="javascript:{RUN}"><text>x</text></a></svg>', f'<math href="javascript:{RUN}">x</math>', f'<p style="background:url(//evil.example/x)" onclick="{RUN}">x</p>',
    '<base href="https://evil.example/">', '<meta http-equiv="refresh" content="0;url=https://evil.example/">', '<link rel="stylesheet" href="https://evil.example/x.css">',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>', '<object data="https://evil.example/"></object>', '<embed src="https://evil.example/">',
    f'<form action="https://evil.example/"><button formaction="javascript:{RUN}">x</button></form>', f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>',
    f"<template><script>{RUN}</script></template>", f"<select><template><img src=x onerror={RUN}></template></select>", f"<textarea></textarea><img src=x onerror={RUN}>",
    f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}">', f"<![CDATA[<img src=x onerror={RUN}>]]>", f"<!--><img src=x onerror={RUN}>-->", f'<details open ontoggle="{RUN}">x</details>',
    '<video src="https://evil.example/x" poster="https://evil.example/y"></video>', '<p id="content" name="body" class="kept parent permalink" data-walk="next" data-act="theme">x</p>',
    f'<a href="https://x.example/" target="_top" ping="https://evil.example/" onclick="{RUN}">x</a>', '<picture><source srcset="https://evil.example/x"></picture>',
]  # fmt: skip
WRITTEN = {
    "html": '<p><a href="{quoted}">x</a> <img src="{quoted}" alt="p"></p>',
    "forum": '<blockquote data-quote="a" data-source="post: 1"><p><a href="{quoted}">quote</a></p></blockquote>',
    "discourse": '<aside class="onebox" data-onebox-src="{quoted}"><a href="{quoted}">x</a></aside><img src="{quoted}">',
    "hackernews": '<p>&gt; <a href="{quoted}">x</a>', "markdown": "[x]({link}) ![y](<{link}>) <{link}>", "reddit": "[x](<{link}>)", "lemmy": "[x]({link})", "github": "[x]: {link}\n\n[x]",
    "zulip": "@_**a|1** [said]({link}/near/1):\n```quote\nx\n```", "bbcode": "[url={link}]x[/url] [url]{link}[/url] [img]{link}[/img]", "slack": "<{link}|x> <{link}>",
    "wikitext": "[{link} x] [[{link}|y]] <ref>[{link} z]</ref>", "text": "[x]({link}) {link}", "mail": "{link}\n\n> {link}",
}  # fmt: skip
NOTES = {
    "html": '<p>x<a data-note="1"></a></p><aside data-note="1"><a href="{quoted}">x</a></aside>',
    "markdown": "x[^1]\n\n[^1]: [y]({link})",
}


def posts(links: list[str], live: list[str]) -> list[dict[str, Any]]:
    """Posts with each link in every dialect and in every field that holds an address, and each piece of live markup."""
    found: list[dict[str, Any]] = []
    for n, link in enumerate(links):
        dialect = list(WRITTEN)[n % len(WRITTEN)]
        forms = {dialect: WRITTEN[dialect], "html": WRITTEN["html"]} if n % 3 else NOTES
        quoted = escape(link, quote=True).replace("&amp;", "&")
        for said, form in forms.items():
            body = form.replace("{quoted}", quoted).replace("{link}", link)
            found.append(
                {
                    "dialect": said,
                    "body": body,
                    "url": link,
                    "title": link,
                    "author": {"name": link, "id": link, "url": link},
                }
            )
    found += [
        {"dialect": dialect, "body": body} for body, dialect in product(live, ("html", "markdown", "bbcode", "forum"))
    ]
    # What a mail program adds is set apart from the words.
    found += [{"dialect": "mail", "body": f"Words.\n\n-- \n{body}\n"} for body in live]
    return found


def write(
    folder: Path, links: list[str], live: list[str], *, hidden: Sequence[str] = (), pseudonyms: bool = False
) -> int:
    """A site of debates of 40 such posts, half of them with an address of their own; returns how many posts.

    These words are hidden, or all authors have pseudonyms: what is left of a payload is one too.
    """
    (folder / "content").mkdir(parents=True)
    (folder / "rostra.toml").write_text(
        'title = "Payloads"\nextras = true\naddress = "https://archive.example/"\ntakes_over = ["https://forum.example"]\n'
        f"pseudonyms = {str(pseudonyms).lower()}\n"
    )
    if hidden:
        rules = (f"[[redact]]\nperson = {json.dumps(each)}\n" for each in hidden)
        (folder / "redactions.toml").write_text("\n".join(rules))
    said = posts(links, live)
    for debate in range(0, len(said), 40):
        lines = []
        for n, post in enumerate(said[debate : debate + 40]):
            lines.append({"id": n + 1, "parent": 1 if n else None, "author": "mal", **post, "thread": f"d{debate}"})
        (folder / f"content/d{debate}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        if debate % 80:
            (folder / f"content/d{debate}.toml").write_text(f'url = "https://forum.example/t/{debate}"\n')
    return len(said)


def take_policies(public: Path) -> list[str]:
    """Remove the content security policy from every page of a site, and return the pages: the policy is not the defence."""
    pages = sorted(path.relative_to(public).as_posix() for path in public.rglob("*.html"))
    for name in pages:
        text = (public / name).read_text(encoding="utf-8")
        (public / name).write_text(POLICY.sub("", text), encoding="utf-8")
    return pages
