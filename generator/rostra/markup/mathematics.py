"""TeX as MathML (MathML Core), made when a page is made, so that no page needs a script for it.

A dialect emits ``<code class="math">`` or ``<code class="math display">`` with the TeX as typed; it stays the body's text.
The library escapes nothing, so its tree is written here: only elements and attributes that are listed, all text escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 2_000
"""How many code points of TeX are converted; longer formulas are shown as typed."""
DEEPEST = 50
"""How many levels of braces are converted."""
MOST = 100
"""How many formulas of a body are converted."""
ELEMENTS = frozenset((
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom",
    "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "menclose",
))  # fmt: skip
ATTRIBUTES = {
    "display": late(r"block|inline"),
    "displaystyle": late(r"true|false"),
    "scriptlevel": late(r"[+-]?\d"),
    "mathvariant": late(r"[a-z-]{1,30}"),
    "stretchy": late(r"true|false"),
    "fence": late(r"true|false"),
    "separator": late(r"true|false"),
    "form": late(r"prefix|infix|postfix"),
    "accent": late(r"true|false"),
    "accentunder": late(r"true|false"),
    "linethickness": late(r"\d{1,2}(?:\.\d{1,2})?(?:px|pt|em)?"),
    "columnalign": late(r"(?:left|center|right)(?: (?:left|center|right)){0,30}"),
    "notation": late(r"[a-z ]{1,40}"),
    "width": late(r"-?\d?\.?\d{1,5}em"),
    "lspace": late(r"-?\d?\.?\d{1,5}em"),
    "rspace": late(r"-?\d?\.?\d{1,5}em"),
    "minsize": late(r"\d?\.?\d{1,5}em"),
    "maxsize": late(r"\d?\.?\d{1,5}em"),
}
ENVIRONMENTS = frozenset((
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "cases", "align", "align*", "aligned", "split",
    "gather", "gather*", "gathered", "equation", "equation*", "substack",
))  # fmt: skip
"""The environments that ``\\begin`` may begin: the library silently drops any other."""
BEGUN = late(r"\\begin\s*\{([^}]*)\}")
CODE = r"```[\s\S]*?(?:```|\Z)|`[^`\n]*`"
"""Code, in which nothing is TeX."""
ZULIP = late(rf"{CODE}|(?<!\$)\$\$(?P<inline>[^$\n]{{1,2000}})\$\$(?!\$)")
DOLLARS = late(
    rf"{CODE}|(?<![\\$])\$\$(?P<display>[^$]{{1,2000}})\$\$(?!\$)"
    r"|(?<![\w\\$])\$(?![\s$])(?P<inline>[^$\n]{1,500})(?<![\s\\])\$(?![\w$])"
)
"""TeX in Zulip's Markdown, and between dollars as GitHub reads them."""
ASIDE = "\ue000"
PLACED = late(f"{ASIDE}(\\d{{1,6}}){ASIDE}")
FENCED = late(r'<pre><code class="language-math">([^<]*)</code></pre>')


@lru_cache(maxsize=4096)
def mathml(tex: str, *, display: bool) -> str | None:
    """Return TeX as MathML; None if it is too long, or not all of it is understood."""
    if len(tex) > LONGEST or _depth(tex) > DEEPEST or not ENVIRONMENTS.issuperset(BEGUN.findall(tex)):
        return None
    from latex2mathml.converter import convert_to_element

    try:
        element = convert_to_element(tex, display="block" if display else "inline")
        out: list[str] = []
        return "".join(out) if _written(element, out) else None
    except Exception:  # noqa: BLE001  # the library raises anything for TeX that it does not know
        return None


def _depth(tex: str) -> int:
    deepest = depth = 0
    for sign in tex:
        depth += (sign in "{[(") - (sign in "}])")
        deepest = max(deepest, depth)
    return deepest + tex.count("\\left") + tex.count("\\begin")


def _written(element: Element, out: list[str]) -> bool:
    """Write an element; return False if it holds a command that the library does not know."""
    name = element.tag if element.tag in ELEMENTS else "mrow"
    given = ((key, str(value)) for key, value in sorted(element.attrib.items()))
    kept = "".join(
        f' {key}="{value}"' for key, value in given if key in ATTRIBUTES and ATTRIBUTES[key].fullmatch(value)
    )
    out.append(f"<{name}{kept}>")
    text = unescape(element.text or "")
    if text.startswith("\\") and len(text) > 1:
        return False
    out.append(escape(text))
    if not all(_written(child, out) for child in element):
        return False
    out.append(f"</{name}>")
    return True


def code(tex: str, *, display: bool = False) -> str:
    """Return the HTML by which a dialect marks TeX."""
    return f'<code class="math{" display" * display}">{escape(tex.strip(), quote=False)}</code>'


def with_math(text: str, pattern: re.Pattern[str], convert: Callable[[str], str]) -> str:
    """Return the HTML of a text whose TeX is marked; ``convert`` makes HTML of the rest, and never sees TeX."""
    html = convert(text)
    if 'class="language-math"' in html:
        html = FENCED.sub(lambda found: f"<p>{code(unescape(found[1]), display=True)}</p>", html)
    if "$" not in text or ASIDE in text:
        return html
    found: list[str] = []

    def aside(of: re.Match[str]) -> str:
        given = of.groupdict()
        if (tex := given.get("display")) is None and (tex := given.get("inline")) is None:
            return of[0]
        found.append(code(tex, display=given.get("display") is not None))
        return f"{ASIDE}{len(found) - 1}{ASIDE}"

    left = pattern.sub(aside, text)
    if not found:
        return html
    marked, count = PLACED.subn(lambda of: found[int(of[1])], convert(left))
    if count != len(found):
        # A part of an address, for instance: it is shown as it was typed.
        return html
    return FENCED.sub(lambda of: f"<p>{code(unescape(of[1]), display=True)}</p>", marked)
