"""A debate for search engines: JSON-LD of schema.org, ``DiscussionForumPosting`` with its ``Comment``s."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import msgspec

from rostra.config.site import Site
from rostra.i18n.catalogue import Catalogue, shortened
from rostra.i18n.remarks import file_name
from rostra.model import LinkedEdition, LinkedPost
from rostra.model.timestamps import utc_time
from rostra.people.appearances import author_name, shown_words
from rostra.people.person_pages import PersonPages
from rostra.render.pages.identity import base, href
from rostra.system.web_address import page_address

EXCERPT = 180
"""How many code points of a post's text are given if it is shortened."""
COMMENTS = 200
"""How many comments the linked data of a page contains: search engines read no more, and pages stay small."""
IMAGES = 10
"""How many images of a post are named."""
NESTED = 12
"""How many levels of comments are nested; deeper ones are siblings in the last level."""

JsonObject = dict[str, Any]


class LinkedData:
    """The linked data of a debate's pages; what is about the whole debate is made once."""

    def __init__(self, site: Site, edition: LinkedEdition, people: PersonPages, words: Catalogue) -> None:
        self.site = site
        self.people = people
        self.words = words
        self.id = edition.thread.id
        said = [each for each in edition.posts if each.post.raw.kind == "post"]
        # Crawlers need absolute addresses.
        self.opening = said[0] if said and base(site) else None
        self.root = self._root(edition, self.opening, len(said) - 1) if self.opening else {}

    def on(self, name: str, posts: Sequence[LinkedPost]) -> str:
        """Return the JSON for one page, safe within a script element: the opening, and the page's own posts.

        ``name`` is the page's file name.  Empty if the site has no address.
        """
        if not base(self.site):
            return ""
        root = self.root.copy()
        self._nest(f"debates/{self.id}/{name}", posts, root)
        data = msgspec.json.encode(root).decode()
        return data.replace("<", "\\u003c").replace("&", "\\u0026")

    def _root(self, edition: LinkedEdition, opening: LinkedPost, comments: int) -> JsonObject:
        """Return the opening, with what is about the debate."""
        site, thread = self.site, edition.thread
        page = f"debates/{thread.id}/index.html"
        root = _item(site, page, opening, self.people, self.words) | {
            "@context": "https://schema.org",
            "@type": "DiscussionForumPosting",
            "headline": thread.title,
            "inLanguage": opening.post.raw.language or thread.language or site.settings.language,
            "isPartOf": {"@type": "WebSite", "name": site.settings.title, "url": href(site, "index.html", page)},
            "commentCount": comments,
        }
        preview = href(site, f"debates/{thread.id}/preview.png", page)
        root["image"] = [preview, *root["image"]] if "image" in root else preview
        if origin := page_address(thread.url):
            root["isBasedOn"] = origin
        return root

    def _nest(self, page: str, posts: Sequence[LinkedPost], root: JsonObject) -> None:
        """Nest each comment of a page below its parent, or below its nearest ancestor that is included."""
        places: dict[str | None, tuple[JsonObject, int]] = {}
        left = COMMENTS
        for each in posts:
            holder, level = places.get(each.post.parent, (root, 0))
            if each is self.opening:
                places[each.post.id] = root, 0
            elif each.post.raw.kind != "post":
                places[each.post.id] = holder, level
            elif left:
                left -= 1
                item = _item(self.site, page, each, self.people, self.words)
                holder.setdefault("comment", []).append(item)
                places[each.post.id] = (item, level + 1) if level + 1 < NESTED else (holder, level)


def _item(site: Site, page: str, each: LinkedPost, people: PersonPages, words: Catalogue) -> JsonObject:
    """Return a post as a ``Comment``; unknown values are omitted."""
    raw, anchor = each.post.raw, f"#{each.post.id}"
    item: JsonObject = {
        "@type": "Comment",
        "url": href(site, page + anchor, page),
    }
    if who := author_name(raw.author):
        item["author"] = {"@type": "Person", "name": who, "url": href(site, people.path(who), page)}
    else:
        # Google requires an author; the page says the same of the post.
        item["author"] = {"@type": "Person", "name": words.say("unnamed")}
    if created := utc_time(raw.created) or raw.created_local:
        item["datePublished"] = created
    if edited := utc_time(raw.edited):
        item["dateModified"] = edited
    files = (*(file for _, file in each.media.pictures), *each.media.files)
    images = dict.fromkeys(file.path for file in files if file and file.family == "image" and file.path)
    if images:
        item["image"] = [href(site, path, page) for path in islice(images, IMAGES)]
    said = shortened(shown_words(each, words), EXCERPT) or shortened(raw.title or "", EXCERPT)
    # Google requires a text or an image.
    if said or not images:
        names = ", ".join(file_name(of.name, words) for of in raw.attachments)
        item["text"] = said or names or words.say("Post without text")
    if raw.language:
        item["inLanguage"] = raw.language
    if raw.score is not None and raw.score >= 0:
        item["interactionStatistic"] = {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/LikeAction",
            "userInteractionCount": raw.score,
        }
    return item
