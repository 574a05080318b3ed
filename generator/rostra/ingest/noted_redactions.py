"""Compare the redaction rules with those that the ledger was written with."""

from __future__ import annotations

import hmac

from rostra.config.redaction_rules import RULES, read_rules
from rostra.config.secret_keys import LOST, REDACTIONS, load_key
from rostra.config.site import LEDGER, Site
from rostra.errors import NotInLedger, UsageError
from rostra.identity.permalinks import base32
from rostra.identity.registry import Registry


def note_rules(site: Site, published: Registry) -> None:
    """Record in the ledger which rules there are.

    Raise UsageError if the ledger was written with rules, and the site has neither rules nor their key, as in a clone of
    a repository that they are kept out of; raise NotInLedger if a locked site has other rules than the ledger.
    """
    noted, mark = published.rules.marks(), _mark(site)
    if noted and not any((site.root / name).exists() for name in (RULES, REDACTIONS)):
        raise UsageError(
            f"{LEDGER} was written with redaction rules, and they are not here: what they hide would be published",
            path=RULES,
            hint=f"copy {RULES} and {REDACTIONS} from where you keep them, to a host's machine as secret files; if nothing is to be hidden any more, make {RULES} an empty file",
        )
    if site.locked and (mark or noted) and mark not in noted:
        raise NotInLedger(
            f"these are not the redaction rules that {LEDGER} was written with",
            (),
            path=RULES,
            hint=f"run `rostra build` where you keep the dumps, commit {LEDGER}, and push; give the machine that builds the same {RULES}",
        )
    if not site.locked and published.rules.note(mark):
        published.touched = True


def _mark(site: Site) -> str:
    """Return a keyed digest of the rules, which tells nothing about them; empty if there are none."""
    rules = read_rules(site)
    said = repr(rules).encode("utf-8", "surrogatepass")
    return base32(hmac.digest(load_key(site, REDACTIONS, LOST), said, "sha256")) if rules else ""
