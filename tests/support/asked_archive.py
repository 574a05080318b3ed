"""The archive that the questions of ``tests/browser/questions.toml`` are put to."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
ASKED: dict[str, Any] = tomllib.loads((TESTS / "browser/questions.toml").read_text(encoding="utf-8"))
"""``question`` has what readers ask for and the posts that should be found; ``debates`` is a part of the archive."""
SEED = TESTS.parent / "seeds/text/rutkowski-ai-art.txt"
WORDS = [
    "gate",
    "miller",
    "bell",
    "weir",
    "keeper",
    "water",
    "bridge",
    "night",
    "lantern",
    "river",
    "stone",
    "barge",
    "sluice",
    "towpath",
    "lock",
    "mill",
]


def write_archive(root: Path) -> None:
    """Make a site of the demonstration's debate, the debates of the questions, and thirty generated ones."""
    (root / "content").mkdir()
    (root / "rostra.toml").write_text('title = "Asked"\n')
    shutil.copy(SEED, root / "content/seed.txt")
    chance = random.Random(11)
    made: dict[str, dict[str, Any]] = dict(ASKED["debates"])
    for n in range(30):
        posts = [[f"Miller {chance.randrange(40)}", " ".join(chance.choices(WORDS, k=25))] for _ in range(12)]
        made[f"mill-{n}"] = {"title": f"Mill {n}", "posts": posts}
    for id, debate in made.items():
        posts = [
            {"id": n, "parent": None if n == 1 else 1, "title": debate["title"], "author": who, "body": body}
            for n, (who, body) in enumerate(debate["posts"], 1)
        ]
        for each in posts[1:]:
            del each["title"]
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in posts)
        (root / f"content/{id}.jsonl").write_text(text, encoding="utf-8")
