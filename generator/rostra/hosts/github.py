"""GitHub Pages: built by GitHub Actions."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host, commands

ON_PUSH = """\
"on":
  push:
    branches: [main]
  workflow_dispatch:
"""
"""The triggers of a workflow."""
SETUP = f"""\
      - uses: actions/setup-python@v5
        with:
          python-version: "{PYTHON}"
"""
"""The step that installs Python."""
WORKFLOW = f"""\
# Builds the archive and publishes it on GitHub Pages on every push.
name: pages
{ON_PUSH}permissions:
  contents: read
  pages: write
  id-token: write
# A later push waits until the earlier one is published.
concurrency:
  group: pages
  cancel-in-progress: false
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
{SETUP}{commands(6, "rostra check --online", before="- run: ")}      - uses: actions/upload-pages-artifact@v4
        with:
          path: public
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    steps:
      - id: deployment
        uses: actions/deploy-pages@v4
"""

HOST = Host(
    name="github",
    title="GitHub Pages",
    size=10**9,
    largest=100 * 2**20,
    hides=(".",),
    files_of_site={".github/workflows/pages.yml": WORKFLOW, "requirements.txt": REQUIREMENTS},
    then=f"in the repository's settings, under Pages, choose GitHub Actions as the source; {THEN_LEDGER}",
)
