"""What each host is given: CI files that hold to their schemas, servers that serve as they should, limits that are told in time."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.hosts import amount, excesses, find_host, hidden, hosts
from rostra.new_site import add_host, make_site
from rostra.system.http_headers import FOR_EVER, cache_control, header_policy, media_type, policy, security
from support.called_command import rostra
from support.optional_parts import missing
from support.server_programs import free_port, running

SCHEMAS = {
    ".github/workflows/cloudflare.yml": "vendor.github-workflows",
    ".github/workflows/pages-branch.yml": "vendor.github-workflows",
    ".github/workflows/pages.yml": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    ".woodpecker.yaml": "vendor.woodpecker-ci",
}
YAML = [
    (host.name, path) for host in hosts().values() for path in host.files_of_site if path.endswith((".yml", ".yaml"))
]


@pytest.mark.parametrize(("name", "path"), YAML)
def test_a_ci_file_holds_to_its_schema(tmp_path: Path, name: str, path: str) -> None:
    list(make_site(tmp_path / "site", "T", find_host(name)))
    file = tmp_path / "site" / path
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[path], str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    rules = "{extends: default, rules: {line-length: disable, document-start: disable, indentation: {indent-sequences: true}}}"
    linted = subprocess.run(
        [sys.executable, "-m", "yamllint", "--strict", "-d", rules, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_the_schemas_do_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "pages.yml").write_text('name: x\n"on": push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n')
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        str(tmp_path / "pages.yml"),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


class NetlifyBuild(msgspec.Struct, forbid_unknown_fields=True):
    """``[build]`` of netlify.toml, as Netlify documents it."""

    command: str
    publish: str
    environment: dict[str, str]
    base: str = ""
    functions: str = ""
    ignore: str = ""


class Netlify(msgspec.Struct, forbid_unknown_fields=True):
    build: NetlifyBuild


def test_netlify_toml_says_what_netlify_reads() -> None:
    table = tomllib.loads(find_host("netlify").files_of_site["netlify.toml"])
    assert msgspec.convert(table, Netlify).build.publish == "public"


@pytest.mark.parametrize("name", hosts())
def test_every_host_says_what_it_is_and_what_is_still_to_be_done(name: str) -> None:
    host = find_host(name)
    assert host.name == name
    assert host.title
    assert host.then
    for path, text in host.files_of_site.items():
        assert text.endswith("\n"), path
    if any(path.endswith((".yml", ".yaml", ".toml")) for path in host.files_of_site):
        assert "rostra==" in host.files_of_site["requirements.txt"]


@pytest.mark.parametrize("name", hosts())
def test_new_writes_what_a_host_needs_into_a_site_that_builds(tmp_path: Path, name: str) -> None:
    host = find_host(name)
    written = {path.relative_to(tmp_path / "site").as_posix() for path in make_site(tmp_path / "site", "T", host)}
    assert set(host.files_of_site) <= written
    site = load_site(tmp_path / "site")
    assert site.settings.host == name
    report = build(site)
    assert report.problems == ()


def test_a_site_that_is_there_is_given_only_what_the_host_needs_and_nothing_is_written_over(tmp_path: Path) -> None:
    list(make_site(tmp_path, "T"))
    before = (tmp_path / "rostra.toml").read_text()
    assert sorted(path.name for path in add_host(tmp_path, find_host("gitlab"))) == [
        ".gitlab-ci.yml",
        "requirements.txt",
    ]
    assert (tmp_path / "rostra.toml").read_text() == before
    assert list(add_host(tmp_path, find_host("gitlab"))) == []
    (tmp_path / ".gitlab-ci.yml").write_text("mine: 1\n")
    with pytest.raises(UsageError, match="already there"):
        list(add_host(tmp_path, find_host("gitlab")))
    assert (tmp_path / ".gitlab-ci.yml").read_text() == "mine: 1\n"


@pytest.mark.parametrize("first", hosts())
@pytest.mark.parametrize("second", hosts())
def test_a_second_host_is_added_and_takes_nothing_from_the_first(tmp_path: Path, first: str, second: str) -> None:
    list(make_site(tmp_path, "T", find_host(first)))
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    added = set(add_host(tmp_path, find_host(second)))
    needed = {tmp_path / path for path in find_host(second).files_of_site}
    assert needed - before.keys() == added
    assert {path: path.read_text() for path in before} == before
    assert all((tmp_path / path).read_text() == text for path, text in find_host(second).files_of_site.items())


@pytest.mark.parametrize(
    ("there", "stays"),
    [
        ("rostra==0.0.1\n", True), ("./wheels/rostra-1.0-py3-none-any.whl\n", True), ("# rostra\nx==1\n", False),
        ("rostrata==1\n", False),
    ],
)  # fmt: skip
def test_a_list_of_requirements_that_names_rostra_stays(tmp_path: Path, there: str, stays: bool) -> None:
    list(make_site(tmp_path, "T"))
    (tmp_path / "requirements.txt").write_text(there)
    if stays:
        assert [path.name for path in add_host(tmp_path, find_host("netlify"))] == ["netlify.toml"]
    else:
        with pytest.raises(UsageError, match="already there"):
            list(add_host(tmp_path, find_host("netlify")))
        assert not (tmp_path / "netlify.toml").exists()
    assert (tmp_path / "requirements.txt").read_text() == there


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    list(make_site(tmp_path, "T"))
    (tmp_path / "netlify.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="already there"):
        list(add_host(tmp_path, find_host("netlify")))
    assert not (tmp_path / "elsewhere").exists()


def test_a_title_is_quoted_as_toml(tmp_path: Path) -> None:
    list(make_site(tmp_path, 'A "title" \\ of\ttabs'))
    assert load_site(tmp_path).settings.title == 'A "title" \\ of\ttabs'


def test_new_on_the_command_line(tmp_path: Path) -> None:
    made = rostra("new", "site", "--host", "github", cwd=tmp_path)
    assert "wrote site/.github/workflows/pages.yml" in made.stdout
    assert "under Pages" in made.stdout
    added = rostra("new", "site", "--host", "codeberg", cwd=tmp_path)
    assert added.returncode == 0
    assert added.stdout.startswith("wrote site/.woodpecker.yaml\n\n`host = \"codeberg\"` instead of 'github'")
    unknown = rostra("new", "other", "--host", "gihtub", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "did you mean 'github'" in unknown.stderr


def test_limits_are_told_with_what_to_do() -> None:
    cloudflare = find_host("cloudflare")
    files = [(f"debates/{n}/index.html", 1000) for n in range(20_001)]
    (found,) = excesses(cloudflare, files)
    assert found.code == "host-files"
    assert "20,001 files" in found.message
    assert "gitlab" in (found.hint or "")
    assert "cloudflare" not in (found.hint or "")
    assert [p.code for p in excesses(cloudflare, [("a.mbox", 26 * 2**20)], redirects=2101, headers=101)] == [
        "host-largest", "host-rules", "host-rules",
    ]  # fmt: skip
    (found,) = excesses(find_host("github"), [(f"{n}.html", 10**7) for n in range(101)])
    assert (found.code, "1.01 GB" in found.message, "compress" in (found.hint or "")) == ("host-size", True, True)


@pytest.mark.parametrize("name", hosts())
def test_within_its_limits_a_host_says_nothing(name: str) -> None:
    host = find_host(name)
    assert list(excesses(host, [("index.html", 1000)] * 1000, redirects=min(host.redirects or 10, 10), headers=5)) == []


def test_a_build_past_the_limit_of_its_host_says_so(tmp_path: Path) -> None:
    list(make_site(tmp_path / "site", "T", find_host("cloudflare")))
    with (tmp_path / "site/rostra.toml").open("a") as settings:
        settings.write("\n[limits]\ntext = 64\n")
    with (tmp_path / "site/content/well.txt").open("a") as dump:
        dump.write(" " * (26 * 2**20) + "\n")
    report = build(load_site(tmp_path / "site"))
    assert [(where, problem.code) for where, problem in report.problems] == [("public", "host-largest")]


def test_a_host_that_is_not_known_is_told_before_anything_is_built(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "T"\nhost = "netlifi"\n')
    (tmp_path / "content").mkdir()
    with pytest.raises(UsageError, match="netlifi") as refused:
        build(load_site(tmp_path))
    assert refused.value.hint == "did you mean 'netlify'?"
    assert not (tmp_path / "public").exists()


def test_hidden_names_are_those_that_a_host_leaves_out() -> None:
    assert hidden(find_host("github"), "a/.secret/b.html")
    assert not hidden(find_host("github"), ".well-known/x")
    assert not hidden(find_host("github"), ".nojekyll")
    assert not hidden(find_host("github-branch"), ".x")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"), ("debates/a/thread.json", "application/json"),
        ("debates/a/annotations.jsonld", "application/ld+json"), ("assets/a-01234567.css", "text/css; charset=utf-8"),
        ("assets/a.js", "text/javascript; charset=utf-8"), ("a.txt", "text/plain; charset=utf-8"), ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("dumps/a.mbox", "application/mbox"), ("dumps/a.txt.gz", "application/gzip"), ("dumps/a.ndjson.zst", "application/zstd"),
        ("feed.xml", "application/atom+xml; charset=utf-8"), ("x.svg", "image/svg+xml"), ("search/0/parts/0.bin", "application/octet-stream"), ("assets/a.wasm", "application/wasm"),
    ],
)  # fmt: skip
def test_types(path: str, kind: str) -> None:
    assert media_type(path) == kind


def test_only_what_is_named_after_its_content_is_kept_for_ever() -> None:
    assert cache_control("assets/rostra-01234567.css") == cache_control("search/0/parts/3.bin") == FOR_EVER
    assert {cache_control(path) for path in ("index.html", "debates/assets/index.html", "search/0/shards.bin")} == {
        "no-cache"
    }


def test_amounts_are_for_people() -> None:
    assert [amount(n) for n in (0, 999, 1000, 1_234_567, 10**9)] == ["0 bytes", "999 bytes", "1 kB", "1.235 MB", "1 GB"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "site"
    list(make_site(folder, "Served"))
    build(load_site(folder))
    return folder


def test_headers_file_and_page_say_the_same_policy(built: Path) -> None:
    said = (built / "public/_headers").read_text()
    assert f"\n  Content-Security-Policy: {header_policy()}\n" in said
    assert f'content="{policy()}"' in (built / "public/index.html").read_text()
    rules = [line for line in said.splitlines() if line.startswith("/")]
    assert rules[0] == "/*"
    assert len(rules) <= 100
    assert max(map(len, said.splitlines())) < 2000
    for rule in rules[1:]:
        block = said.partition(f"\n{rule}\n")[2].split("\n/")[0]
        assert "Content-Security-Policy" not in block


def serves_as_it_should(port: int, public: Path) -> None:
    def ask(path: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    page, body = ask("/debates/well/")
    assert page.status == 200
    assert body == (public / "debates/well/index.html").read_bytes()
    for name, value in security().items():
        assert page.headers.get_all(name) == [value]
    assert page.headers.get_all("Cache-Control") == ["no-cache"]
    assert page.headers["Content-Type"].lower().startswith("text/html")
    style = next((public / "assets").glob("*.css")).name
    asset, _ = ask(f"/assets/{style}")
    assert asset.headers.get_all("Cache-Control") == [FOR_EVER]
    gone, body = ask("/nothing/here")
    assert gone.status == 404
    assert body == (public / "404.html").read_bytes()
    assert gone.headers["Content-Security-Policy"]
    dump, _ = ask("/debates/well/well.txt")
    assert dump.headers["Content-Type"].lower() == "text/plain; charset=utf-8"


def test_caddy_serves_it_as_it_should(built: Path, tmp_path: Path) -> None:
    caddy = shutil.which("caddy") or missing("Caddy")
    list(add_host(tmp_path, find_host("caddy")))
    port = free_port()
    said = {"ROSTRA_ADDRESS": f"http://127.0.0.1:{port}", "ROSTRA_ROOT": str(built / "public"), "HOME": str(tmp_path)}
    config = tmp_path / "Caddyfile"
    # Its administration listens too; a test takes no port but its own.
    config.write_text("{\n\tadmin off\n}\n" + config.read_text())
    with running([str(caddy), "run", "--adapter", "caddyfile", "--config", str(config)], port, said):
        serves_as_it_should(port, built / "public")


def test_nginx_serves_it_as_it_should(built: Path, tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or missing("nginx")
    list(add_host(tmp_path, find_host("nginx")))
    port = free_port()
    server = (tmp_path / "nginx.conf").read_text()
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "/srv/debates/public", str(built / "public")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    paths = "".join(
        f"{each}_temp_path {tmp_path}/{each}; " for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "whole.conf"
    whole.write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {paths}\n{server}}}\n"
    )
    with running([str(nginx), "-c", str(whole), "-p", str(tmp_path)], port, {}):
        serves_as_it_should(port, built / "public")


def test_what_hosts_say_can_be_told_to_machines() -> None:
    json.dumps({name: host.title for name, host in hosts().items()})
