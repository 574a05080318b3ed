"""GitHub Pages, served from a branch that `rostra publish` pushes."""

from __future__ import annotations

from rostra.hosts import REQUIREMENTS, THEN_LEDGER, Host

WORKFLOW = """\
# Builds the archive and pushes it to the branch that GitHub Pages serves, on every push.
# It is not needed where `rostra publish` is run by hand.
name: pages-branch
"on":
  push:
    branches: [main]
  workflow_dispatch:
permissions:
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
          # The commit that was published last must be among those that are here.
          fetch-depth: 0
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install -r requirements.txt
      # It fails where rostra.ledger does not hold every address: build where you keep the dumps, and commit it.
      - run: rostra build --locked
      - run: rostra publish
        env:
          GIT_AUTHOR_NAME: ${{ github.actor }}
          GIT_AUTHOR_EMAIL: ${{ github.actor }}@users.noreply.github.com
          GIT_COMMITTER_NAME: ${{ github.actor }}
          GIT_COMMITTER_EMAIL: ${{ github.actor }}@users.noreply.github.com
"""

HOST = Host(
    name="github-branch",
    title="GitHub Pages",
    size=10**9,
    largest=100 * 2**20,
    branch="gh-pages",
    domain="CNAME",
    files_of_site={".github/workflows/pages-branch.yml": WORKFLOW, "requirements.txt": REQUIREMENTS},
    then=f"in the repository's settings, under Pages, take the branch gh-pages as the source, once it is there; {THEN_LEDGER}",
)
