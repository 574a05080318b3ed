"""Weigh the evidence that one post answers another: a sum of named weights.

The weights were measured on mailing lists without a third of their references (``tests/benchmarks/broken_threads.py``).
"""

from __future__ import annotations

from msgspec import Struct

from rostra.system.lazy_regex import late
from rostra.threads.letters import Letter, unpacked_digests
from rostra.threads.quoted_lines import WORD

DAY = 86_400

WINDOW = 60 * DAY
"""The longest time in seconds between a post and its answer, if the answer quotes it."""
SUBJECT_WINDOW = 30 * DAY
"""The same if only the subject connects them."""
BRIEF_WINDOW = 7 * DAY
"""The same if the subject has only one meaningful word."""
CONTINUED_WINDOW = 5 * DAY
"""The longest time between two posts of one subject if the second is not marked as a reply."""
SKEW = 14 * 3_600
"""How many seconds later than its answer a post may seem to be: clocks are wrong, and times may lack their zone."""

QUOTED = 4.0
"""The post contains everything that is quoted, one level of quotation less deep: its own words, and what it quotes."""
LOOSELY = 2.0
"""Everything that is quoted is the post's own words, at whatever depth mail programs left it."""
LAST = 1.5
"""The last quotation, with text below it, consists of the post's own words."""
FIRST = 1.5
"""The first quotation consists of the post's own words: mail programs put the answered post first."""
NAMED = 2.0
"""A line above a quotation names the post's author."""
MISNAMED = -1.5
"""Such lines name only others."""
TIMED = 2.0
"""Such a line names the minute at which the post was written, in whatever zone."""
SUBJECT = 1.5
"""Both have the same subject, or the number of the same report."""
FORMER = 1.0
"""The answer's subject says that it was formerly the post's subject."""
ANSWER = 0.5
"""The answer's subject is marked as a reply."""
OWN = -1.0
"""Both have the same author: few people answer themselves."""
LATER = -1.0
"""The post seems to be later than its answer."""
REVERSED = -10.0
"""The post is later, and quotes more of the answer's own words than the answer quotes of it: it is itself the answer."""

LEAST = 2.5
"""The least evidence with which a post counts as the answer to another."""
CLEAR = 0.25
"""By how much the evidence for one post must exceed that for another.  Of posts with less difference, the first is chosen if
they have the quoted words, since the others repeat it, and otherwise the latest."""
FEW = 2
"""The fewest digests that a quotation must share with a post's own words without a common subject, or to reverse an answer."""

TELLING = 2
"""The fewest meaningful words of a reply's subject that connects posts over ``SUBJECT_WINDOW``."""
CONTINUED = 3
"""The fewest meaningful words of a subject that connects posts that are not marked as replies."""
SERIES = 4
"""The fewest consecutive posts of one author and subject that are a series, such as a daily notice."""
GENERIC = {
    "question", "questions", "help", "problem", "problems", "hello", "test", "bug", "bugs", "error", "errors", "info",
    "information", "update", "news", "urgent", "request", "please", "subject", "none", "announcement", "announce",
    "the", "and", "for", "with", "from", "not", "this", "that", "new", "about", "thanks", "thank", "you", "are",
    "was", "frage", "fragen", "hilfe", "probleme", "hallo", "fehler", "bitte", "betreff", "anfrage", "neu",
    "pregunta", "preguntas", "ayuda", "problema", "problemas", "hola", "asunto", "duda", "aide", "bonjour", "erreur",
    "sujet", "salut", "domanda", "aiuto", "ciao", "oggetto", "errore", "vraag", "hulp", "probleem", "hoi",
    "onderwerp", "fout", "pergunta", "duvida", "ajuda", "assunto", "erro", "ola", "pytanie", "pomoc", "czesc",
    "temat", "fraga", "hjalp", "hej", "amne", "вопрос", "помощь", "проблема", "привет", "тема", "ошибка", "质问", "問題",
    "問题", "质問", "質問", "問い合わせ", "请问", "求助", "帮助", "你好", "안녕하세요", "질문", "문의",
}  # fmt: skip
"""Words in subjects that do not say what a post is about."""
CLOCK = late(r"\b\d{1,2}[:.](\d\d)(?:[:.]\d\d)?\b")
IDEOGRAPHS = late(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


Shared = list[tuple[int, int, int]]
"""What a post's quotations share with another post: index of the quotation, depth in the other post, digest."""


class Evidence(Struct, frozen=True, kw_only=True):
    """The evidence that a post answers another; shares are from 0 to 1."""

    quoted: float = 0
    loosely: float = 0
    last: float = 0
    first: float = 0
    named: bool = False
    misnamed: bool = False
    timed: bool = False
    subject: bool = False
    former: bool = False
    answer: bool = False
    own: bool = False
    later: bool = False
    reversed: bool = False

    @property
    def weight(self) -> float:
        """The sum of the weights."""
        return (
            max(QUOTED * self.quoted, LOOSELY * self.loosely)
            + LAST * self.last
            + FIRST * self.first
            + NAMED * self.named
            + MISNAMED * self.misnamed
            + TIMED * self.timed
            + SUBJECT * self.subject
            + FORMER * self.former
            + ANSWER * self.answer
            + OWN * self.own
            + LATER * self.later
            + REVERSED * self.reversed
        )


class QuotingLetter:
    """A post that may answer others: its quotations and their sizes."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        digests = [unpacked_digests(run.digests) for run in letter.quoted]
        self.sizes = [len(each) for each in digests]
        self.total = len(set[int]().union(*digests))
        outer = [n for n, run in enumerate(letter.quoted) if run.depth == 1 and self.sizes[n]]
        self.first = outer[0] if outer else None
        last = next((n for n in reversed(range(len(digests))) if letter.quoted[n].answered and self.sizes[n]), None)
        self.last = last if last in outer else None
        self.heads = [
            (set(WORD.findall(run.named)), minutes(run.named)) for run in letter.quoted if run.named and not run.said_at
        ]

    def evidence(self, other: Letter, shared: Shared | None) -> Evidence | None:
        """Return the evidence that the post answers another; None if there is too little."""
        letter, quoted = self.letter, self.letter.quoted
        found = shared or []
        own = {digest for n, depth, digest in found if depth == 0 and quoted[n].depth == 1}
        loosely = {digest for _, depth, digest in found if depth == 0}
        moved = {digest for n, depth, digest in found if depth == quoted[n].depth - 1}
        subject = same_subject(letter, other)
        named = any(_names(words, other.author) for words, _ in self.heads)
        if not (len(loosely) >= FEW or (subject and (own or named))):
            return None
        later = (other.time or 0) > (letter.time or 0)
        return Evidence(
            quoted=len(moved) / self.total if own else 0,
            loosely=len(loosely) / self.total if self.total else 0,
            last=self._share(found, self.last),
            first=self._share(found, self.first),
            named=named,
            misnamed=bool(self.heads) and not named,
            timed=other.time is not None and any(other.time // 60 % 60 in minutes for _, minutes in self.heads),
            subject=subject,
            former=bool(letter.was) and letter.was == other.subject,
            answer=letter.is_answer,
            own=letter.author == other.author != "",
            later=later,
            reversed=later and self._quoted_by(other) >= max(FEW, len(loosely) + 1),
        )

    def _quoted_by(self, other: Letter) -> int:
        """Return how many of the post's own words another quotes, in digests."""
        own = set(unpacked_digests(self.letter.own))
        quoted = set[int]().union(*(unpacked_digests(run.digests) for run in other.quoted))
        return len(own & quoted)

    def _share(self, found: Shared, number: int | None) -> float:
        """Return which share of a quotation is the other post's own words."""
        if number is None:
            return 0
        return len({digest for n, depth, digest in found if n == number and depth == 0}) / self.sizes[number]


def same_subject(letter: Letter, other: Letter) -> bool:
    """Whether two posts have the same subject, or the number of the same report."""
    return "" != letter.subject == other.subject or "" != letter.number == other.number


def telling(subject: str) -> int:
    """Return the number of meaningful words in a subject; two ideographs count as a word."""
    found = 0
    for word in WORD.findall(subject):
        if word in GENERIC:
            continue
        found += len(word) // 2 if IDEOGRAPHS.search(word) else len(word) > 2
    return found


def minutes(named: str) -> set[int]:
    """Return the minutes of the times of day in a text."""
    return {int(found[1]) for found in CLOCK.finditer(named)}


def _names(words: set[str], author: str) -> bool:
    """Whether ``words`` contains all words of an author's name, except initials."""
    parts = [word for word in author.split() if len(word) > 1]
    return bool(parts) and words.issuperset(parts)
