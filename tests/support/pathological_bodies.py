"""Bodies that a careless parser takes forever for: what each dialect begins things with, again and again, never ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from rostra.model import Dialect

Shape = Callable[[int], str]
"""A body of about so many code points."""

COMMON = [
    " ", "\n", "\n\n", " \n", "\t", "a", "a ", "ab\n", "\u00a0", "é", "&", "&amp;", "&#1", "<", ">", "> ", ">\n", '"', "'", "`", "` ", "``a",
    "*", "*a ", "**a", "_", "_a ", "~", "~~a", "-", "- a\n", "--\n", "=", "#", "# a\n", "#1 ", "1. a\n", "(", ")", "[", "]", "[a](", "![", "{", "}", "|",
    "\\", "^", "^(", "^a", ":", ";", ".", ",", "!", "@", "/", "//", "http://", "http://a", "http://a.b ", "http://a(", "http://a)", "www.a.b|", "a@b.c ",
    "a.b/", "\ue000", "\ue001", "\x00", "\u2028", "1", "[1]", "[^a]", "[^a]: b\n\n", "[a]: b\n", "a|b\n-|-\n", "    a\n", "```\n", "```", "~~~\n", "*a* www.b.de ",
]  # fmt: skip
TAGS = [
    "<b>", "</b>", "<p>", "<br>", "<hr>", "<div>", "</div>", "<span>", "<blockquote>", "<ul><li>", "<li>", "<dl><dt>", "<dd>", "<table><tr><td>", "<tr>",
    "<td>", "<table>", "x</table><table>", "<caption>", "<details>", "<details><summary>", "<pre>", "<code>", "<a href=http://x>", "<a ", '<a title="',
    "<a x=", "<img src=x>", "<!--", "<!", "<?", "</", "<![CDATA[", "<svg>", "<math>", "<script>", "<template>", "<object>", "<textarea>", "<title>", "<h1>",
    '<aside data-note="1">', '<aside data-note="1">a</aside>', '<a data-note="1"></a>', '<blockquote data-author="a">', "<b><p></b>", "<i><div>", "<table><b>",
    "<center>", "<select>", "<b a=1 a=2>", "<td rowspan=9999 colspan=999>x</td></tr><tr>",
]  # fmt: skip
OWN: dict[str, list[str]] = {
    "bbcode": [
        "[b]", "[/b]", "[quote]", "[quote=a", "[quote=a b=", "[quote=a   ", "[code]", "[/code]", "[code=c]", "[url]", "[url=http://a]", "[img]", "[img]\n\n",
        "[list]", "[*]", "[list][*]", "[table][tr][td]", "[spoiler]", "[noparse]", "[a", "[a=", "[email]",
        "[url]a[/url]", "[code]a[/code]", "[img]http://a[/img]\n\n",
    ],
    "github": ["#1 *a* ", "`#1` ", "# 1"],
    "discourse": [
        '<aside class="quote" data-username="a">', '<aside class="onebox">', '<aside class="quote"><div class="title">a</div>', '<img class="emoji" alt="x">a',
        '<div class="meta">a</div>a', '<div class="lightbox">',
    ],
    "forum": [
        "<blockquote><cite>a</cite>", '<div class="quote">', '<div class="quotefooter">a</div>a', "<div>Quote:<table><tr><td>", "<div><div>Quote:</div><table><tr><td>a</td></tr>",
        '<div class="quoteheader">Quote from a</div>a', "Quote from ", "a wrote ", '<span class="quotefooter">a</span>a',
    ],
    "lemmy": ["::: spoiler a\n", ":::\n", "^a^", "~a~", "!a@", "!aa@b.c ", ":::: ", "::: spoiler "],
    "mail": [
        "> a\n", ">>a\n", "-- \n", "--\na\n", "-- \n" + "a\n" * 41, "____________________\nlists.a\n", "a wrote:\n", "On a wrote: ", "wrote", "+a\n", "@@ \n", ": a\n", "| a\n",
        "wrote:\n: a\n", "> \na\n", "-", "wrote: ",
    ],
    "hackernews": ["<p>", "<i>", "&gt;", "&gt; ", "<p>&gt; <i>", "<p> "],
    "reddit": [">!", ">!a", "!<", "^(a", "r/ab ", "&gt;!a!&lt; ", "    a\n>!"],
    "slack": ["<a|", "<http://a|", "&gt;&gt;&gt;", "&gt; a\n", "*a*", "_a", "~a ", "```a", "<@U1> ", "\ue001"],
    "text": ["• a\n", "[a](http://a(b)", "[a](http://", "a[1]", "[1] a\n", "1. a ↩\n", "↩", " ↩ a", ">>1 ", "```a\n~~~\n", "1) a\n", "https://a)"],
    "wikitext": [
        "''", "'''a", "[[", "[[a|", "]]", "[http://a ", "{{", "{{a|", "{{tq|", "{{quote|a}} ", "}}", "{{{", "==", "==a==\n", "<ref>", "<ref name=a>", "<ref name=a>b</ref>", "<nowiki>",
        "<!--", "{|\n", "{|\n|-\n|a\n", "|-\n", ":", "::a\n:b\n", "*#;:", ";a:", "<b a=", '<b a="', "----\n", "<s>", "&nbsp;", "__TOC__", "<br>", "~~~~", "{{a", "<li>", "<pre>",
        "{{u|a}} ", "<syntaxhighlight lang=c>", "[[a]]b", "[//a",
    ],
    "zulip": ["@**a", "@**a** ", "#**a>b", "```quote\n", "````quote\n```spoiler a\n", "@_**a|1** [said](/#narrow/near/1):\n```quote\n", "/near/1", "``` ", "` `` "],
}  # fmt: skip
DIALECTS: tuple[str, ...] = get_args(Dialect)


def again(atom: str) -> Shape:
    return lambda size: atom * (size // len(atom))


def row(first: str, second: str) -> Shape:
    """One half of one, then one of the other."""
    return lambda size: first * (size // 2 // len(first)) + second * (size // 2 // len(second))


def turns(first: str, second: str) -> Shape:
    return again(first + second)


def _lengthening(size: int) -> str:
    """Fences of which none is as long as the one before it."""
    count = int((2 * size) ** 0.5)
    return "\n".join("`" * (count - n) + ("a" if n % 2 else "") for n in range(count - 3))


SPACES = [" ", "\n", "\t", " \n", "\u00a0", "\r"]
"""White space; a body of nothing else is not rendered, so words stand beside it."""
BUILT: dict[str, Shape] = {
    **{f"{atom!r} between words": lambda size, atom=atom: f"a{atom * (size // len(atom))}b" for atom in SPACES},
    **{f"{atom!r} before a word": lambda size, atom=atom: f"{atom * (size // len(atom))}b" for atom in SPACES},
    "an address, then what may end it": lambda size: "http://a" + ")" * size,
    "addresses, then what may end them": lambda size: "http://a(b).;) " * (size // 15),
    "formatting, then blocks": lambda size: "<p>" + "".join(f"<b x={n}>" for n in range(size // 20)) + "<div>x</div>" * (size // 24),
    "a long tag, then blocks": lambda size: f'<span title="{"y" * (size // 2)}" lang=de>' + "<p>x</p>" * (size // 16),
    "a long link, then blocks": lambda size: f'<a href="http://x/{"y" * (size // 2)}">' + "<p>x</p>" * (size // 16),
    "a long name, then blocks": lambda size: f'<blockquote data-author="{"y" * (size // 2)}">' + "<p>x</p>" * (size // 16),
    "a wide row, then many": lambda size: "<table><tr>" + "<td>x</td>" * (size // 20) + "</tr>" + "<tr><td>x</td></tr>" * (size // 40) + "</table>",
    "stairs": lambda size: "<table>" + "".join(f"<tr><td rowspan={max(1, size // 60 - n)}>x</td></tr>" for n in range(size // 60)) + "</table>",
    "one cell over all": lambda size: "<table><tr><td rowspan=9999 colspan=999>x</td></tr>" + "<tr><td>x</td></tr>" * (size // 20) + "</table>",
    "nested, and ended": lambda size: "<blockquote>" * (size // 25) + "x" + "</blockquote>" * (size // 25),
    "nested by turns": lambda size: "<ul><li><b>" * (size // 28) + "x" + "</b></li></ul>" * (size // 28),
    "ends without beginnings": lambda size: "<div>" * (size // 12) + "</span>" * (size // 12),
    "notes and their calls": lambda size: "".join(f'<a data-note="{n}"></a><aside data-note="{n}"><p>x</p></aside>' for n in range(size // 60)),
    "flattened notes": lambda size: "a[1]\n" * (size // 8) + "\n" + "".join(f"\n{n}. x ↩" for n in range(1, min(1000, size // 20))),
    "fences that shorten": _lengthening,
    "code of every line": lambda size: "```c\n" + "a\n" * (size // 2) + "```",
    "code of empty lines": lambda size: "```java\n" + "\n" * size + "```",
    "deep lists": lambda size: "".join("  " * (n % 60) + "- a\n" for n in range(size // 64)),
    "deep quotations": lambda size: "".join(">" * (n % 60) + " a\n" for n in range(size // 33)),
    "many links in one paragraph": lambda size: "[a](http://b.c) " * (size // 16),
    "long attribute": lambda size: f'<a href="http://x/?{"&" * size}">x</a>',
}  # fmt: skip


def shapes(dialect: str) -> Iterator[tuple[str, Shape]]:
    """Every shape for a dialect, with what it is called."""
    atoms = dict.fromkeys((*COMMON, *TAGS, *OWN.get(dialect, ())))
    yield from ((repr(atom), again(atom)) for atom in atoms)
    yield from BUILT.items()


def pairs(dialect: str) -> Iterator[tuple[str, Shape]]:
    """Every two atoms of a dialect, one after the other and by turns."""
    atoms = list(dict.fromkeys((*OWN.get(dialect, TAGS), *COMMON[::2])))
    for first in atoms:
        for second in atoms:
            if first != second:
                yield f"{first!r} then {second!r}", row(first, second)
                yield f"{first!r} and {second!r}", turns(first, second)
