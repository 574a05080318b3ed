"""The findings of a check as text, as JSON, and as SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from rostra import __version__
from rostra.check.findings import RULES, Finding

SHOWN = 25
"""How many findings of one kind are shown."""
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Sort errors before warnings, then by kind, path and line: the order in which they are numbered."""
    places = {code: n for n, code in enumerate(sorted(RULES, key=lambda code: RULES[code].level != "error"))}
    return sorted(findings, key=lambda finding: (places[finding.code], finding))


def format_findings(findings: Sequence[Finding], folder: str, most: int | None = SHOWN) -> Iterator[str]:
    """Yield lines for people: findings numbered, grouped by kind with its hint, at most ``most`` of a kind."""
    ordered = sort_findings(findings)
    count = 0
    for code in dict.fromkeys(finding.code for finding in ordered):
        rule = RULES[code]
        group = [finding for finding in ordered if finding.code == code]
        yield f"{rule.level}: {rule.about} [{code}]"
        for finding in group[:most]:
            count += 1
            yield f"{count:>5}. {_place(folder, finding)}:{finding.line or 1}: {finding.message}"
        if most is not None and len(group) > most:
            count += len(group) - most
            yield f"       and {len(group) - most:,} more; `--all` shows them"
        yield f"hint: {rule.hint}"


def _place(folder: str, finding: Finding) -> str:
    return f"{folder}/{finding.path}" if finding.path else folder


def document(findings: Sequence[Finding], *, files: int, pages: int, size: int) -> dict[str, Any]:
    """Return the findings as JSON: keys are added and never renamed."""
    return {
        "check": 1,
        "rostra": __version__,
        "files": files,
        "pages": pages,
        "bytes": size,
        "findings": [
            {
                "number": number,
                "code": finding.code,
                "level": RULES[finding.code].level,
                "path": finding.path,
                "line": finding.line or None,
                "message": finding.message,
                "hint": RULES[finding.code].hint,
            }
            for number, finding in enumerate(sort_findings(findings), 1)
        ],
    }


def sarif(findings: Sequence[Finding], folder: str) -> dict[str, Any]:
    """Return the findings as SARIF; paths are relative to the site."""
    codes = list(RULES)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "rostra",
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": rule.code,
                                "shortDescription": {"text": rule.about},
                                "help": {"text": rule.hint},
                                "defaultConfiguration": {"level": rule.level},
                            }
                            for rule in RULES.values()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": finding.code,
                        "ruleIndex": codes.index(finding.code),
                        "level": RULES[finding.code].level,
                        "message": {"text": finding.message},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": quote(_place(folder, finding))},
                                    "region": {"startLine": finding.line or 1},
                                }
                            }
                        ],
                    }
                    for finding in sort_findings(findings)
                ],
            }
        ],
    }
