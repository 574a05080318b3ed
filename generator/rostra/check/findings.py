"""The findings of a check: broken rules, their places, and what to do."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Level = Literal["error", "warning"]


class CheckRule(Struct, frozen=True, kw_only=True):
    """A rule that is checked: ``code`` is short and lasting, ``about`` says what is wrong, ``hint`` what to do.

    An ``error`` is a broken promise to readers, a ``warning`` may be intended.
    """

    code: str
    level: Level = "error"
    about: str
    hint: str


class Finding(Struct, frozen=True, array_like=True, order=True):
    """A broken rule: ``path`` is relative to the output folder, empty for the whole site; ``line`` is 1-based, 0 for the whole file."""

    path: str
    line: int
    code: str
    message: str


RULES = {
    rule.code: rule
    for rule in (
        CheckRule(code="broken-link", about="A link leads to no file of the site.", hint="build again; in a page or layout of your own, correct the link"),
        CheckRule(code="broken-fragment", about="A link leads to a place that its page does not have.", hint="build again; in a page or layout of your own, correct the link"),
        CheckRule(code="absolute-link", about="A link begins at the root of the host.", hint="write it relative to the page, so that it works below a path and from disk"),
        CheckRule(code="folder-link", level="warning", about="A link leads to a folder, which works on a host but not from disk.", hint="spell out index.html"),
        CheckRule(code="running-link", about="A link would run its own content.", hint="remove it: no part of a dump may run"),
        CheckRule(code="outside-request", about="A page loads something from another host.", hint="put the file into the site, so that other hosts do not learn who reads it"),
        CheckRule(code="missing-picture", about="A picture, style or script is missing.", hint="build again; in a layout of your own, correct the address"),
        CheckRule(code="double-id", about="An id occurs twice in a page.", hint="links to it lead to the first only; in a layout of your own, rename one"),
        CheckRule(code="not-closed", about="An element is opened and not closed.", hint="in a layout of your own, close it; else report it as a bug of Rostra"),
        CheckRule(code="not-opened", about="An element is closed that is not open.", hint="in a layout of your own, remove the end tag; else report it as a bug of Rostra"),
        CheckRule(code="bad-nesting", about="An element is in one that must not contain it.", hint="in a layout of your own, remove one of them"),
        CheckRule(code="too-deep", about="Elements are nested deeper than browsers support.", hint="report it as a bug of Rostra"),
        CheckRule(code="stray-mark", about="A “<” does not begin a tag.", hint="in a layout of your own, write &lt;"),
        CheckRule(code="bad-page", about="A page lacks what every page begins with.", hint="in a layout of your own, keep what base.html begins with"),
        CheckRule(code="not-text", about="A file is not UTF-8, or contains something that its format does not allow.", hint="build again"),
        CheckRule(code="blocked", level="warning", about="A page contains something that its own content security policy blocks.", hint="use a class and rostra.css, or rostra.js, in your own layouts folder"),
        CheckRule(code="no-policy", level="warning", about="A page has no content security policy.", hint="in a layout of your own, keep the one of base.html: what strangers wrote must not run"),
        CheckRule(code="lost-permalink", about="An address that was published is gone.", hint="build again, with the ledger as it was committed last; never edit it by hand"),
        CheckRule(code="no-ledger", level="warning", about="There is no ledger of what was published.", hint="build, and commit rostra.ledger: without it addresses may change"),
        CheckRule(code="one-way-quotation", about="A quotation and its source do not link to each other.", hint="build again without .rostra; if it stays, report it as a bug of Rostra"),
        CheckRule(code="wrong-offset", about="An offset of a thread document is outside its text.", hint="build again without .rostra; if it stays, report it as a bug of Rostra"),
        CheckRule(code="one-way-note", about="A footnote and its call do not link to each other.", hint="build again without .rostra; if it stays, report it as a bug of Rostra"),
        CheckRule(code="same-but-for-case", about="Two addresses differ only by case or by the Unicode composition of their letters.", hint="give one of the debates another `id` in its card, or its file another name"),
        CheckRule(code="hidden-name", about="The host does not serve a file of that name.", hint="rename the file that it is made of"),
        CheckRule(code="awkward-name", level="warning", about="A name that not every system can store.", hint="rename the file that it is made of"),
        CheckRule(code="failed-build", about="The last build failed on some of its input.", hint="correct it, and build again; `--despite-failures` ignores it"),
        CheckRule(code="not-built", about="The site is not built.", hint="run `rostra build`"),
        CheckRule(code="missing-file", about="A file of the last build is gone.", hint="run `rostra build`"),
        CheckRule(code="changed-file", about="A file is not as it was built.", hint="run `rostra build`; change layouts or dumps, never the output"),
        CheckRule(code="foreign-file", level="warning", about="A file that no build made.", hint="it is not published; put it into content/ or layouts/, or move it elsewhere"),
        CheckRule(code="broken-redirect", about="The target of a line of _redirects does not exist.", hint="build again"),
        CheckRule(code="host-files", about="The site has more files than its host accepts.", hint="see the message"),
        CheckRule(code="host-size", about="The site is larger than its host accepts.", hint="see the message"),
        CheckRule(code="host-largest", about="A file is larger than its host accepts.", hint="see the message"),
        CheckRule(code="host-rules", level="warning", about="There are more redirects or headers than the host reads.", hint="see the message"),
        CheckRule(code="dead-link", level="warning", about="An outside link is dead.", hint="a web archive may hold the page; posts stay as they were written"),
        CheckRule(code="moved-link", level="warning", about="An outside link has moved permanently.", hint="in a page of your own, use the new address"),
        CheckRule(code="unsure-link", level="warning", about="An outside link could not be tested.", hint="try again later, or open it in a browser"),
    )
}  # fmt: skip
"""Every rule, by its code, in the order in which findings are shown."""


def errors(findings: list[Finding]) -> int:
    """Return how many of them are errors."""
    return sum(RULES[finding.code].level == "error" for finding in findings)
