"""The parts below the text of a post, as variables of ``thread.html``: its notes and its files."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup
from msgspec import Struct

from rostra.i18n.catalogue import Catalogue
from rostra.i18n.reasons import reason
from rostra.i18n.remarks import file_name
from rostra.model import LinkedPost
from rostra.render.media_html import UP, image, readable_size, with_labels
from rostra.render.notes import call_anchor, headed, note_anchor, note_html
from rostra.render.pages.frame import trusted_html
from rostra.system.web_address import page_address


class NoteView(Struct, frozen=True, kw_only=True):
    """A footnote below its post; ``back`` is None if it has no call, ``heading`` empty if none was typed above it."""

    id: str
    heading: Markup
    label: str
    html: Markup
    back: str | None


class FileView(Struct, frozen=True, kw_only=True):
    """A file of a post, below its text.

    ``image`` is the element of a picture, ``href`` leads to the file, which is saved as ``saved`` unless it is shown;
    ``url`` is where it was, if it is not archived.  ``size`` is its bytes as people read them, ``why`` the reason for
    which it is not published, in the site's language.
    """

    name: str
    href: str | None = None
    saved: str | None = None
    url: str | None = None
    media_type: str | None
    image: Markup | None = None
    size: str = ""
    why: str | None = None


def note_views(each: LinkedPost, base: str | None, words: Catalogue) -> tuple[NoteView, ...]:
    """Return the notes of a post; their links are relative to ``base``."""
    return tuple(
        NoteView(
            id=note_anchor(each.post.id, n),
            heading=trusted_html(headed(note)),  # built from escaped text
            label=note.label,
            html=trusted_html(
                with_labels(note_html(each, n, base), words)
            ),  # built from sanitised tags and escaped text
            back=call_anchor(each.post.id, n) if note.marker is not None else None,
        )
        for n, note in enumerate(each.body.notes, 1)
    )


def file_views(each: LinkedPost, base: str | None, words: Catalogue) -> Iterator[FileView]:
    """Yield the attachments of a post that its body does not show."""
    shown = {file.path for _, file in each.media.pictures if file.path}
    files = each.media.files
    for n, of in enumerate(each.post.raw.attachments):
        file, name = files[n] if n < len(files) else None, file_name(of.name, words)
        if file is None:
            yield FileView(name=name, url=page_address(of.url, base), media_type=of.media_type)
        elif file.why:
            yield FileView(name=name, media_type=of.media_type, why=reason(file.why, words))
        elif file.path not in shown:
            alt = words.say("The file %(name)s", name=name)
            is_image = file.family == "image"
            yield FileView(
                name=name,
                href=UP + file.path,
                saved=None if is_image else file.name,
                media_type=file.media_type,
                image=trusted_html(image(file, alt)) if is_image else None,  # its text is escaped
                size=readable_size(file.size),
            )
