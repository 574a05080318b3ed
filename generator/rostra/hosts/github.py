"""GitHub Pages, built by GitHub Actions."""

from __future__ import annotations

from rostra.hosts import REQUIREMENTS, THEN_LEDGER, Host

WORKFLOW = """\
# Builds the archive and publishes it on GitHub Pages, on every push.
name: pages
"on":
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: read
  pages: write
  id-token: write
# A later push waits for the earlier one to be published.
concurrency:
  group: pages
  cancel-in-progress: false
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install -r requirements.txt
      # It fails where rostra.ledger does not hold every address: build where you keep the dumps, and commit it.
      - run: rostra build --locked
      - run: rostra check
      - uses: actions/upload-pages-artifact@v4
        with:
          path: public
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
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
    then=f"in the repository's settings, under Pages, take GitHub Actions as the source; {THEN_LEDGER}",
)
