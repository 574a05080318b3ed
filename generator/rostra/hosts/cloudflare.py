"""Cloudflare Pages, given the built folder by a GitHub workflow."""

from __future__ import annotations

from rostra.hosts import REQUIREMENTS, THEN_LEDGER, Host

WORKFLOW = """\
# Builds the archive and hands it to Cloudflare Pages, on every push.
name: cloudflare
"on":
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: cloudflare
  cancel-in-progress: false
jobs:
  publish:
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
      - uses: cloudflare/wrangler-action@v3
        with:
          apiToken: ${{ secrets.CLOUDFLARE_API_TOKEN }}
          accountId: ${{ secrets.CLOUDFLARE_ACCOUNT_ID }}
          command: pages deploy public --project-name=${{ vars.CLOUDFLARE_PROJECT }}
"""

HOST = Host(
    name="cloudflare",
    title="Cloudflare Pages",
    files=20_000,
    largest=25 * 2**20,
    redirects=2100,
    headers=100,
    files_of_site={".github/workflows/cloudflare.yml": WORKFLOW, "requirements.txt": REQUIREMENTS},
    then=f"give the repository the secrets CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID and the variable CLOUDFLARE_PROJECT; {THEN_LEDGER}",
)
