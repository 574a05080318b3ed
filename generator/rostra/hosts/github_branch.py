"""GitHub Pages: serves a branch that `rostra publish` pushes."""

from __future__ import annotations

from rostra.hosts import REQUIREMENTS, THEN_LEDGER, Host, commands
from rostra.hosts.github import ON_PUSH, SETUP

WORKFLOW = f"""\
# Builds the archive and pushes it to the branch that GitHub Pages serves, on every push.
# You do not need it if you run `rostra publish` by hand.
name: pages-branch
{ON_PUSH}permissions:
  contents: write
concurrency:
  group: pages-branch
  cancel-in-progress: false
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          # The clone must contain the commit that was published last.
          fetch-depth: 0
{SETUP}{commands(6, "rostra publish", before="- run: ")}        env:
          GIT_AUTHOR_NAME: ${{{{ github.actor }}}}
          GIT_AUTHOR_EMAIL: ${{{{ github.actor }}}}@users.noreply.github.com
          GIT_COMMITTER_NAME: ${{{{ github.actor }}}}
          GIT_COMMITTER_EMAIL: ${{{{ github.actor }}}}@users.noreply.github.com
"""

HOST = Host(
    name="github-branch",
    title="GitHub Pages",
    size=10**9,
    largest=100 * 2**20,
    branch="gh-pages",
    domain="CNAME",
    files_of_site={".github/workflows/pages-branch.yml": WORKFLOW, "requirements.txt": REQUIREMENTS},
    then=f"in the repository's settings, under Pages, choose the branch gh-pages as the source after the first push; {THEN_LEDGER}",
)
