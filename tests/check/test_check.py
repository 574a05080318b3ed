"""What a check finds in a site that was spoilt, and that it finds nothing in one that was not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from rostra.build.pipeline import build
from rostra.check import CheckReport, check
from rostra.check.findings import RULES, Finding
from rostra.check.forms import document, format_findings, sarif
from rostra.check.scan import scan
from rostra.config.site import Site, load_site
from rostra.errors import RostraError
from rostra.output.journal import Heading, recover, write_journal
from rostra.output.manifest import MANIFEST

BRIDGE = "debates/bridge/index.html"


def told(report: CheckReport | Iterable[Finding], *, but: tuple[str, ...] = ("changed-file",)) -> set[tuple[str, str]]:
    """Codes with their files, beside that a file was changed."""
    found = report.findings if isinstance(report, CheckReport) else report
    return {(finding.code, finding.path) for finding in found if finding.code not in but}


def replace(site: Site, path: str, pattern: str, text: str, count: int = 1) -> int:
    """Spoil a file; the line at which it was spoilt."""
    before = (site.output / path).read_text()
    after, done = re.subn(pattern, text, before, count=count, flags=re.DOTALL)
    assert done, pattern
    (site.output / path).write_text(after)
    same = next(n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    return before.count("\n", 0, same) + 1


def test_nothing_is_wrong_with_what_was_built(site: Site) -> None:
    report = check(site)
    assert report.findings == ()
    assert report.pages >= 9
    assert report.files == len(list(site.output.rglob("*"))) - sum(p.is_dir() for p in site.output.rglob("*"))


SPOILT = [
    ("broken-link", BRIDGE, 'href="../../index.html"', 'href="../../nowhere.html"'),
    ("broken-link", BRIDGE, 'href="../../index.html"', 'href="../../../index.html"'),
    ("broken-link", BRIDGE, 'href="../../index.html"', 'href="../../no%20where/"'),
    ("broken-link", "about.html", 'href="debates/bridge/index.html"', 'href="https://example.org/forum/debates/gone/"'),
    ("broken-fragment", BRIDGE, 'permalink u-url" href="#p-', 'permalink u-url" href="#x-'),
    ("broken-fragment", "about.html", 'href="debates/bridge/index.html"', 'href="debates/bridge/index.html#p-none"'),
    ("absolute-link", BRIDGE, 'href="../../index.html"', 'href="/index.html"'),
    ("folder-link", "about.html", 'href="debates/bridge/index.html"', 'href="debates/bridge/"'),
    ("running-link", BRIDGE, 'href="../../index.html"', 'href="jAvaScript:alert(1)"'),
    ("running-link", BRIDGE, 'href="../../index.html"', 'href="&#106;avascript:alert(1)"'),
    ("outside-request", BRIDGE, "<h1", '<img src="https://elsewhere.example/x.png" alt=""><h1'),
    ("outside-request", BRIDGE, "<h1", '<img srcset="//elsewhere.example/x.png 2x" alt=""><h1'),
    ("outside-request", BRIDGE, "<title>", '<link rel="preload stylesheet" href="https://e.example/x.css"><title>'),
    ("missing-picture", BRIDGE, "<h1", '<img src="gone.png" alt=""><h1'),
    ("missing-picture", BRIDGE, r'src="\.\./\.\./assets/rostra-', 'src="../../assets/rostra-0'),
    ("double-id", BRIDGE, 'id="provenance"', 'id="content"'),
    ("not-closed", BRIDGE, "</main>", ""),
    ("not-closed", BRIDGE, "</h1>", ""),
    ("not-closed", BRIDGE, "</blockquote>", ""),
    ("not-opened", BRIDGE, "</main>", "</main></span>"),
    ("not-opened", BRIDGE, "<main ", "<br></br><main "),
    ("not-opened", "about.html", r"<p>", "<p><div>x</div>"),
    ("bad-nesting", BRIDGE, '(<a class="number permalink[^>]*>)', r'\1<a href="#content">x</a>'),
    ("stray-mark", BRIDGE, "</h1>", " 1 < 2</h1>"),
    ("bad-page", BRIDGE, "<!doctype html>", ""),
    ("bad-page", BRIDGE, ' lang="en"', ""),
    ("bad-page", BRIDGE, '<meta charset="utf-8">', ""),
    ("bad-page", BRIDGE, "<title>.*?</title>", ""),
    ("no-policy", BRIDGE, "<meta http-equiv=[^>]*>", ""),
    ("blocked", BRIDGE, "<h1", '<h1 onclick="x()"'),
    ("blocked", BRIDGE, "<h1", "<script>x()</script><h1"),
    ("blocked", BRIDGE, "<h1", '<h1 style="color:red"'),
    ("one-way-quotation", BRIDGE, r'<span class="quoted-by">.*?</span>', ""),
    ("one-way-quotation", BRIDGE, r'<span class="quoted-by">', '<span class="quoted">'),
    ("one-way-quotation", BRIDGE, r'<header class="source" id="[^"]*"><a href="[^"]*"', "<header><a "),
    ("one-way-note", BRIDGE, ' role="doc-noteref"', ""),
    ("one-way-note", BRIDGE, r'<a href="[^"]*" role="doc-backlink"', "<a "),
    ("one-way-quotation", "debates/bridge/thread.json", r'"quoted_by":\[\{[^]]*\]', '"quoted_by":[]'),
    ("wrong-offset", "debates/bridge/thread.json", r'"quotes":\[\{"start":\d+', '"quotes":[{"start":99999'),
    ("wrong-offset", "debates/bridge/thread.json", r'"marker":\d+', '"marker":-1'),
    ("broken-fragment", "debates/bridge/thread.json", r'"parent":"', '"parent":"x'),
    ("not-text", "debates/bridge/thread.json", r'"posts":\[', '"posts":{'),
    ("broken-fragment", "debates/bridge/annotations.jsonld", r'"value":"p-', '"value":"x-'),
    ("broken-link", "debates/bridge/annotations.jsonld", r'"source":"index.html"', '"source":"../gone/index.html"'),
    ("broken-link", "sitemaps/1.xml", "<loc>https://example.org/forum/debates/bridge/", "<loc>https://example.org/forum/debates/gone/"),
    ("broken-link", "debates/bridge/feed.xml", 'href="https://example.org/forum/debates/bridge/', 'href="https://example.org/forum/debates/gone/'),
    ("broken-link", "feed.json", '"url":"https://example.org/forum/debates/', '"url":"https://example.org/forum/debatez/'),
    ("broken-redirect", "_redirects", r" /forum/debates/[^ #]*", " /forum/debates/gone/index.html"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "pattern", "text"), SPOILT)
def test_what_was_spoilt_is_found_in_its_file_and_line(
    site: Site, code: str, path: str, pattern: str, text: str
) -> None:
    line = replace(site, path, pattern, text)
    report = check(site)
    assert (code, path) in told(report)
    assert Finding(path, 0, "changed-file", report_of(report, "changed-file")) in report.findings
    lines = [finding.line for finding in report.findings if (finding.code, finding.path) == (code, path)]
    if path.endswith(".html") and code not in (
        "bad-page",
        "no-policy",
        "one-way-quotation",
        "one-way-note",
        "not-closed",
    ):
        assert min(abs(line - each) for each in lines) <= 1


def report_of(report: CheckReport, code: str) -> str:
    return next(finding.message for finding in report.findings if finding.code == code)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("<h1", '<svg><path d="m0 0"/><a href="#content"><text>x</text></a></svg><h1'),
        ("</h1>", " &lt; 1 </h1><ul><li>one<li>two</ul><p>left open<p>again"),
        ("<h1", "<!-- <b> a comment with <marks --><h1"),
        ("</h1>", "</h1><TABLE><TR><TD>old<TD>style</TABLE>"),
        ("<h1", "<h1 title='a > b < c'"),
        ("<h1", '<a href="#">top</a><a href="#top">top</a><a href="mailto:a@b.example">x</a><h1'),
        ("<h1", '<a href="https://elsewhere.example/#x">x</a><h1'),
        ("<h1", '<a href="?x=1#content">x</a><a href="index.html?x#content">x</a><h1'),
        ("<h1", '<img src="data:image/gif;base64,R0lGOD" alt=""><h1'),
        ("<title>", '<link rel="me" href="https://elsewhere.example/"><title>'),
        ("<title>", '<script type="application/ld+json">{"a": "<b>"}</script><title>'),
    ],
)  # fmt: skip
def test_what_is_right_is_not_found(site: Site, pattern: str, text: str) -> None:
    replace(site, BRIDGE, pattern, text)
    assert told(check(site)) == set()


def test_a_post_that_the_ledger_knows_and_no_page_holds_is_lost(site: Site) -> None:
    with (site.root / "rostra.ledger").open("a") as ledger:
        ledger.write("bridge p-vanished - - - - -\nnever-was p-1 - - - - -\nnever-was p-2 - - - - -\n")
    assert told(check(site)) == {("lost-permalink", BRIDGE), ("lost-permalink", "debates/never-was/index.html")}
    assert sum(f.code == "lost-permalink" for f in check(site).findings) == 2


def test_without_a_ledger_that_is_said(site: Site) -> None:
    (site.root / "rostra.ledger").unlink()
    assert told(check(site)) == {("no-ledger", "")}
    assert check(site).errors == 0


def test_files_that_are_gone_changed_or_strange_are_told(site: Site) -> None:
    (site.output / "about.html").unlink()
    (site.output / "debates/bridge/bridge.txt").write_text("Another dump.")
    (site.output / "notes.bak").write_text("mine")
    found = told(check(site), but=())
    assert {
        ("missing-file", "about.html"),
        ("changed-file", "debates/bridge/bridge.txt"),
        ("foreign-file", "notes.bak"),
        ("broken-link", "index.html"),
    } <= found


def test_a_site_that_is_not_built_is_an_error_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    assert told(check(load_site(tmp_path))) == {("not-built", MANIFEST)}


def test_quotations_across_debates_are_held_against_each_other(tmp_path: Path) -> None:
    words = "The gate must stay shut from dusk until dawn, whatever the miller says about his cart and his two oxen."
    for name, day, body in (("a", "01", words), ("b", "02", f"> {words}\\n\\nIt must not.")):
        (tmp_path / "content").mkdir(exist_ok=True)
        (tmp_path / f"content/{name}.jsonl").write_text(
            f'{{"id": "{name}1", "parent": null, "created": "2024-01-{day}T09:00:00Z", "title": "{name}", "body": "{body}"}}\n'
        )
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    site = load_site(tmp_path)
    build(site)
    assert "../a/index.html#" in (site.output / "debates/b/index.html").read_text()
    assert check(site).findings == ()
    replace(site, "debates/a/index.html", r'<span class="quoted-by">', '<span class="x">')
    replace(site, "debates/a/thread.json", r'"quoted_by":\[\{[^]]*\]', '"quoted_by":[]')
    assert told(check(site)) == {
        ("one-way-quotation", "debates/b/index.html"),
        ("one-way-quotation", "debates/b/thread.json"),
    }


def test_names_that_differ_only_by_case_or_composition_are_one_to_some(site: Site) -> None:
    from rostra.check.names import check_names

    paths = ["debates/a/x.txt", "debates/A/y.txt", "café.html", "cafe\N{COMBINING ACUTE ACCENT}.html", ".nojekyll"]
    codes = [finding.code for finding in check_names(paths, None)]
    assert codes == ["same-but-for-case"] * 2
    assert list(check_names(["a/b.html", "a/c.html", ".nojekyll", "_headers", ".well-known/x"], None)) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a/con.txt", "awkward-name"),
        ("a/b?.txt", "awkward-name"),
        ("a/b.", "awkward-name"),
        ("x" * 260, "awkward-name"),
        (".secret", "awkward-name"),
        ("_drafts/a.html", "hidden-name"),
    ],
)
def test_names_that_a_host_or_a_system_cannot_keep(path: str, code: str) -> None:
    from rostra.check.names import check_names

    assert [finding.code for finding in check_names([path], None)] == [code]


def test_a_link_thousands_of_elements_deep_is_read_without_recursion(site: Site) -> None:
    deep = "<div>" * 5000 + '<a href="#nowhere">x</a>' + "</div>" * 5000
    replace(site, BRIDGE, "</main>", deep + "</main>")
    assert told(check(site)) == {("too-deep", BRIDGE), ("broken-fragment", BRIDGE)}


@pytest.mark.parametrize(
    "junk", [b"\xff\xfe", b"<" * 50_000, b"<a href='" * 4_000, b"<!--" * 4_000, b"<a " + b"x=" * 50_000]
)
def test_junk_is_found_wanting_in_a_moment(site: Site, junk: bytes) -> None:
    (site.output / BRIDGE).write_bytes(junk)
    assert ("changed-file", BRIDGE) in told(check(site), but=())


def test_a_site_that_a_build_did_not_finish_is_not_checked(site: Site) -> None:
    write_journal(site.cache, Heading("../public", whole=True), [])
    with pytest.raises(RostraError, match="did not finish") as told:
        check(site)
    assert "rostra build" in (told.value.hint or "")
    assert recover(site.cache, site.ledger)
    assert check(site).findings == ()


def test_however_many_workers_there_are_they_find_the_same(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(site, BRIDGE, "</h1>", "")
    (site.output / "about.html").unlink()
    alone = check(site)
    monkeypatch.setattr("rostra.check.FEW", 0)
    monkeypatch.setattr("rostra.check.CHUNK", 3)
    assert check(site, workers=3) == alone
    assert alone.errors > 1


def test_what_was_found_before_is_found_again_without_reading(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    replace(site, BRIDGE, "</h1>", "")
    first = check(site)
    manifest = (site.output / MANIFEST).read_text()
    # The same file, as if the build had written it so.
    from hashlib import sha256

    spoilt = sha256((site.output / BRIDGE).read_bytes()).hexdigest()
    (site.output / MANIFEST).write_text(re.sub(rf"[0-9a-f]{{64}}(?=  {re.escape(BRIDGE)}\n)", spoilt, manifest))
    assert told(check(site, trust=True)) == told(first)
    read: list[str] = []
    monkeypatch.setattr("rostra.check.scan", lambda output, path, address: read.append(path))
    assert told(check(site, trust=True)) == told(first)
    assert read == []


def test_a_cache_that_is_damaged_or_cannot_be_written_is_done_without(site: Site) -> None:
    (site.cache / "checked.sqlite").write_bytes(b"no database")
    assert check(site).findings == ()
    (site.cache / "checked.sqlite").unlink()
    (site.cache / "checked.sqlite").mkdir()
    assert check(site, trust=True).findings == ()


def test_limits_of_the_host_are_errors_with_what_to_do(site: Site) -> None:
    settings = msgspec.structs.replace(site.settings, host="github")
    with (site.output / "debates/bridge/bridge.txt").open("r+b") as dump:
        dump.truncate(101 * 2**20)
    report = check(msgspec.structs.replace(site, settings=settings))
    assert ("host-largest", "") in told(report)
    assert ".zst" in report_of(report, "host-largest")


def test_findings_are_numbered_and_grouped_each_kind_with_its_hint(site: Site) -> None:
    replace(site, BRIDGE, 'href="#p-', 'href="#x-', count=40)
    text = list(format_findings(check(site).findings, "public", 25))
    numbers = [
        int(found[1]) for line in text if (found := re.match(r" *(\d+)\. public/debates/bridge/index.html:\d+: ", line))
    ]
    assert numbers[:25] == list(range(1, 26))
    assert any("more; `--all` shows them" in line for line in text)
    assert sum(line.startswith("hint: ") for line in text) == sum(
        line.startswith(("error: ", "warning: ")) for line in text
    )
    assert len(list(format_findings(check(site).findings, "public", None))) > len(text)


def test_json_tells_every_finding_with_its_place_and_hint(site: Site) -> None:
    replace(site, BRIDGE, "</h1>", "")
    report = check(site)
    said = document(report.findings, files=report.files, pages=report.pages, size=report.size)
    assert [each["number"] for each in said["findings"]] == list(range(1, len(report.findings) + 1))
    assert {"number", "code", "level", "path", "line", "message", "hint"} == set(said["findings"][0])
    json.dumps(said)


def test_sarif_has_the_shape_of_the_standard(site: Site) -> None:
    """SARIF 2.1.0: what its schema requires of a log, a run, a tool, a rule, a result and a location (3.13 to 3.30)."""
    replace(site, BRIDGE, "</h1>", "")
    (site.root / "rostra.ledger").unlink()
    log = json.loads(json.dumps(sarif(check(site).findings, "public")))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids)) == len(RULES)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in driver["rules"])
    assert run["results"]
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert " " not in place["artifactLocation"]["uri"]
        assert place["region"]["startLine"] >= 1
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")


def test_every_rule_says_what_is_wrong_and_what_to_do() -> None:
    for code, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert rule.about.endswith(".")
        assert rule.hint


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("""<content>words: a href='javascript:1' src="gone.png"</content>""", []),
        ("""<link title=' href="gone.html"' href="feed.xml"/>""", []),
        ("""<link href="gone.html"/>""", ["broken-link"]),
        ("""<link rel='self' type="a>b" href='javascript:1'/>""", ["running-link"]),
        ("""<x:image src="gone.png"/><uri> https://x.example/ </uri><loc>gone.html</loc>""", ["broken-link"] * 2),
    ],
)
def test_words_of_a_post_in_a_feed_are_no_links(tmp_path: Path, said: str, codes: list[str]) -> None:
    (tmp_path / "feed.xml").write_text(f"<feed>{said}</feed>")
    facts = scan(tmp_path, "feed.xml", "")
    gone = [reference for reference in facts.refers if "gone" in reference]
    assert [finding.code for finding in facts.findings] + ["broken-link"] * len(gone) == codes
