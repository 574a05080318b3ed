"""Bodies of every dialect to safe stand-off markup.

A dialect is one file with ``to_html(body: str) -> str``.  What it returns need not be safe; it is
sanitised here, then flattened, and then footnotes are recognised that people typed (``typed_notes``).
Besides plain HTML a dialect may write

- ``<blockquote data-author data-post data-thread data-url>``: a quotation, with what is known of its source;
- ``<a data-note="1"></a>`` where a footnote is called, ``<aside data-note="1">…</aside>`` for its text, with a
  ``data-label`` where the label is not what calls it;
- ``<p data-kind="attribution">`` for "On … X wrote:", ``<p data-kind="signature">`` for a signature;
- ``<pre><code class="language-python">`` for code in a known language.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from rostra.markup.marked_notes import flatten
from rostra.markup.sanitise import clean
from rostra.markup.typed_notes import Refused, recognise
from rostra.markup.weave import weave
from rostra.model import Body, Dialect

__all__ = ["Refused", "refused_notes", "render", "weave"]


def render(body: str, dialect: Dialect, unmade: Collection[str] = ()) -> Body:
    """The body as safe stand-off markup; never raises for anything a stranger wrote.

    Typed footnotes of the labels ``unmade`` stay as they were typed.
    """
    if not body.strip():
        return Body()
    return recognise(*_flat(body, dialect), unmade).body


def refused_notes(body: str, dialect: Dialect) -> tuple[Refused, ...]:
    """What in a body looks like a typed footnote and is none, each with the reason."""
    return recognise(*_flat(body, dialect), explain=True).refused if body.strip() else ()


def _flat(body: str, dialect: Dialect) -> tuple[Body, tuple[int, ...]]:
    module = import_module(f"rostra.markup.{dialect}")
    return flatten(clean(module.to_html(body)))
