"""Convert bodies of every dialect to safe stand-off markup.

A dialect is one module with ``to_html(body: str) -> str``.  Its result need not be safe; it is
sanitised here, then flattened; then typed footnotes are recognised (``typed_notes``).
Besides plain HTML, a dialect may emit

- ``<blockquote data-author data-post data-thread data-url>``: a quotation, with what is known of its source;
- ``<a data-note="1"></a>`` for the call of a footnote, ``<aside data-note="1">…</aside>`` for its text, with a
  ``data-label`` if the label differs from the call and a ``data-heading`` if the heading of the notes is above it;
- ``<p data-kind="attribution">`` for "On … X wrote:", ``<p data-kind="signature">`` for a signature,
  ``<p data-kind="furniture">`` for what mail programs, lists and forums add;
- ``<pre><code class="language-python">`` for code in a known language.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from rostra.markup.marked_notes import flatten
from rostra.markup.sanitise import clean
from rostra.markup.typed_notes import Refused, find_notes
from rostra.markup.weave import weave
from rostra.model import Body, Dialect

__all__ = ["Refused", "refused_notes", "render", "weave"]


def render(body: str, dialect: Dialect, unmade: Collection[str] = ()) -> Body:
    """Return the body as safe stand-off markup; never raise because of the body's content.

    Typed footnotes with labels in ``unmade`` are left as typed.
    """
    if not body.strip():
        return Body()
    return find_notes(*_flat(body, dialect), unmade).body


def refused_notes(body: str, dialect: Dialect) -> tuple[Refused, ...]:
    """Return what looks like a typed footnote in a body and is not one, each with the reason."""
    return find_notes(*_flat(body, dialect), explain=True).refused if body.strip() else ()


def _flat(body: str, dialect: Dialect) -> tuple[Body, tuple[int, ...]]:
    module = import_module(f"rostra.markup.{dialect}")
    return flatten(clean(module.to_html(body)))
