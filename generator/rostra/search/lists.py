"""The lists of a shard, which every query needs: its threads, its people, and the facts of each post."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rostra.i18n.text_folding import person_key
from rostra.model import Author
from rostra.people.appearances import author_name, usual_spelling
from rostra.search.documents import Searched, SearchedThread
from rostra.search.tokens import word_count

NONE = -(1 << 31)
"""The person and the day of a post that has none."""
EPOCH = date(1970, 1, 1).toordinal()


class Labels(NamedTuple):
    """What a site calls an author, a day, and the place of debates of a format without an address.

    ``address`` returns the last part of the address of a person's page, by name; no two people have the same.
    """

    author: Callable[[Author], str]
    day: Callable[[str], str]
    format: Callable[[str], str]
    address: Callable[[str], str]


class ShardLists(NamedTuple):
    """What results are filtered and ranked by.

    ``threads`` are (id, title, place, label of the place), ``people`` (address, usual name, number of posts).  Of each
    post, in the order of row numbers, there are four facts: the number of its ``thread``, that of its ``person``, its
    ``day`` since 1970, and how many ``words`` it has.
    """

    threads: list[tuple[str, str, str, str]]
    people: list[tuple[str, str, int]]
    thread: array[int]
    person: array[int]
    day: array[int]
    words: array[int]


def shard_lists(threads: Iterable[SearchedThread], labels: Labels) -> ShardLists:
    """Return the lists of threads; people are in the order in which they first post."""
    lists = ShardLists([], [], array("i"), array("i"), array("i"), array("i"))
    # A name is folded once for each of its spellings, since few people write many posts.
    numbers, spelt, counts = dict[str, int](), dict[str, int](), Counter[str]()
    for number, thread in enumerate(threads):
        called = thread.place or labels.format(thread.format)
        lists.threads.append((thread.id, thread.title, thread.place or thread.format, called))
        for each in thread.posts:
            person = NONE
            if name := author_name(each.author):
                if name not in spelt:
                    spelt[name] = numbers.setdefault(person_key(name), len(numbers))
                person = spelt[name]
                counts[name] += 1
            lists.thread.append(number)
            lists.person.append(person)
            lists.day.append(_day(each.created))
            lists.words.append(word_count(each.text))
    spellings = [list[tuple[str, int]]() for _ in numbers]
    for name, person in spelt.items():
        spellings[person].append((name, counts[name]))
    for names in spellings:
        name = usual_spelling(names)
        lists.people.append((labels.address(name), name, sum(posts for _, posts in names)))
    return lists


def numbered_posts(threads: Iterable[SearchedThread]) -> Iterator[tuple[int, Searched]]:
    """Yield each post with its row number, from 1."""
    return enumerate((each for thread in threads for each in thread.posts), 1)


def _day(created: str | None) -> int:
    """Return the day of an RFC 3339 time as the number of days since 1970."""
    return _day_number(created[:10]) if created else NONE


@lru_cache(maxsize=4096)
def _day_number(day: str) -> int:
    with suppress(ValueError):
        return date.fromisoformat(day).toordinal() - EPOCH
    return NONE
