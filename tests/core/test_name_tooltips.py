"""A name that a narrow header may cut is whole as a tooltip."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site


@pytest.mark.parametrize("own", ["true", "false"])
def test_a_name_that_may_be_cut_is_whole_as_a_tooltip(tmp_path: Path, own: str) -> None:
    names = ["Weir 6", "Weir 66", 'Ada "of" <Weir>']
    posts = [{"id": n, "parent": n - 1 or None, "author": name, "body": "So."} for n, name in enumerate(names, 1)]
    (tmp_path / "content").mkdir()
    (tmp_path / "content/gate.jsonl").write_text("\n".join(map(json.dumps, posts)))
    (tmp_path / "rostra.toml").write_text(f'title = "Mill"\nextras = {own}\n')
    assert build(load_site(tmp_path)).failures == ()
    page = html.parse(tmp_path / "public/debates/gate/index.html").getroot()
    shown = [(who.text_content(), who.get("title")) for who in page.xpath("//h3/*[contains(@class, 'who')]")]
    assert shown == [("Weir 6", None), ("Weir 66", "Weir 66"), ('Ada "of" <Weir>', 'Ada "of" <Weir>')]
