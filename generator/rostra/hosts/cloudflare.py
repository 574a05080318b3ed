"""Cloudflare Pages: a GitHub workflow uploads the built folder."""

from __future__ import annotations

from rostra.hosts import REQUIREMENTS, THEN_LEDGER, Host, commands
from rostra.hosts.github import ON_PUSH, SETUP

WORKFLOW = f"""\
# Builds the archive and publishes it on Cloudflare Pages on every push.
name: cloudflare
{ON_PUSH}permissions:
  contents: read
concurrency:
  group: cloudflare
  cancel-in-progress: false
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
{SETUP}{commands(6, "rostra check --online", before="- run: ")}      - uses: cloudflare/wrangler-action@v3
        with:
          apiToken: ${{{{ secrets.CLOUDFLARE_API_TOKEN }}}}
          accountId: ${{{{ secrets.CLOUDFLARE_ACCOUNT_ID }}}}
          command: pages deploy public --project-name=${{{{ vars.CLOUDFLARE_PROJECT }}}}
"""

HOST = Host(
    name="cloudflare",
    title="Cloudflare Pages",
    files=20_000,
    largest=25 * 2**20,
    redirects=2100,
    headers=100,
    files_of_site={".github/workflows/cloudflare.yml": WORKFLOW, "requirements.txt": REQUIREMENTS},
    then=f"set the secrets CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID and the variable CLOUDFLARE_PROJECT in the repository; {THEN_LEDGER}",
)
