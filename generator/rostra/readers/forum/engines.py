"""Describe the page markup of each forum program."""

from __future__ import annotations

import re

from msgspec import Struct

from rostra.system.lazy_regex import late


def css(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


class Poll(Struct, frozen=True):
    """The position of a topic's poll: XPath expressions, relative to the poll except ``poll`` itself."""

    poll: str
    question: str
    options: str


class Engine(Struct, frozen=True):
    """The page markup of a forum program: XPath expressions, relative to a post except ``posts`` itself.

    ``gone`` is true of posts that a moderator removed.
    """

    posts: str
    id: str
    author: str
    time: str
    body: str
    sign: re.Pattern[str]
    poll: Poll | None = None
    gone: str = "false()"


ENGINES = (
    Engine(  # phpBB 3 with prosilver
        posts=f"//div[{css('post')} and (starts-with(@id, 'p') and number(substring(@id, 2)) = number(substring(@id, 2)) or not(@id) and .//div[{css('content')}])]",
        id="string(@id)",
        author=f".//p[{css('author')}]//*[{css('username')} or {css('username-coloured')}] | .//p[{css('author')}]//strong",
        time=f".//p[{css('author')}]",
        body=f".//div[{css('content')}]",
        sign=late(r"<div\b(?=[^<>]{0,300}?\sid=[\"']?p\d+\b)[^<>]{0,300}?\sclass=[\"']?post\b"),
        poll=Poll(f"//form[{css('topic_poll')}]", f".//*[{css('poll-title')}]", ".//fieldset//dl[dt]"),
    ),
    Engine(  # SMF 2
        posts=f"//div[{css('post_wrapper')}]",
        id="string(.//div[starts-with(@id, 'msg_')]/@id)",
        author=f".//div[{css('poster')}]//h4//a[last()] | .//div[{css('poster')}]//h4",
        time=f".//div[{css('keyinfo')}]//div[{css('smalltext')}] | .//*[{css('postinfo')}]//a[{css('smalltext')}]",
        body=f".//div[{css('inner')}]",
        sign=late(r"class=[\"']?post_wrapper\b"),
        poll=Poll("//*[@id='poll_options']", "//*[@id='pollquestion']", ".//dl/dt"),
    ),
    Engine(  # vBulletin 5
        posts=f"//li[{css('b-post')} and @data-node-id]",
        id="string(@data-node-id)",
        author=f".//*[{css('author')}]//a | .//*[{css('author')}]//strong",
        time=".//time",
        body=f".//div[{css('js-post__content-text')}]",
        sign=late(r"js-post__content-text"),
    ),
    Engine(  # vBulletin 4
        posts="//li[starts-with(@id, 'post_') and .//*[starts-with(@id, 'post_message_')]]",
        id="string(@id)",
        author=f".//*[{css('username')}]",
        time=f".//*[{css('postdate')}]",
        body=f".//blockquote[{css('postcontent')}]",
        sign=late(r"<li\b[^<>]{0,300}?\sid=[\"']?post_\d+\b"),
    ),
    Engine(  # vBulletin 3
        posts="//table[starts-with(@id, 'post') and .//*[starts-with(@id, 'post_message_')]]",
        id="string(@id)",
        author=f".//*[{css('bigusername')}]",
        time=f".//td[{css('thead')}][1]/descendant-or-self::*[a[starts-with(@name, 'post')]]",
        body=".//*[starts-with(@id, 'post_message_')]",
        sign=late(r"\sid=[\"']?post_message_\d+\b"),
    ),
    Engine(  # XenForo 2
        posts="//*[self::article or self::div][@data-author and starts-with(@data-content, 'post-')]",
        id="string(@data-content)",
        author=f".//*[{css('message-name')}]",
        time=".//time",
        body=f".//*[{css('bbWrapper')}]",
        sign=late(r"\sdata-content=[\"']?post-\d+\b"),
        poll=Poll(
            "//*[contains(@class, 'js-pollContainer-')]", f".//*[{css('block-header')}]", f".//*[{css('pollResult')}]"
        ),
        gone=css("message--deleted"),
    ),
    Engine(  # MyBB 1.8
        posts=f"//div[{css('post')} and starts-with(@id, 'post_') and .//*[{css('post_body')}]]",
        id="string(@id)",
        author=f".//*[{css('author_information')}]//*[{css('largetext')}]",
        time=f".//*[{css('post_date')}]",
        body=f".//*[{css('post_body')}]",
        sign=late(r"\sclass=[\"']?post_body\b"),
        gone=css("unapproved_post"),
    ),
    Engine(  # Invision Community 4
        posts="//article[starts-with(@id, 'elComment_')]",
        id="string(@id)",
        author=f".//*[{css('cAuthorPane_author')}]",
        time=f".//*[{css('ipsComment_meta')}]//time",
        body=".//*[@data-role='commentContent']",
        sign=late(r"\sid=[\"']?elComment_\d+\b"),
        gone=css("ipsModerated"),
    ),
    Engine(  # Discourse, as it shows topics to browsers without scripts
        posts=f"//*[{css('crawler-post')}]",
        id="string(@id)",
        author=".//*[@itemprop='author']//*[@itemprop='name']",
        time=".//time",
        body=f".//*[{css('post')} and @itemprop]",
        sign=late(r"\bcrawler-post\b"),
    ),
    Engine(  # XenForo 1
        posts=f"//li[{css('message')} and @data-author and starts-with(@id, 'post-')]",
        id="string(@id)",
        author=f".//*[{css('userText')}]//*[{css('username')}] | .//*[{css('author')}]",
        time=f".//*[{css('datePermalink')}]//*[{css('DateTime')}]",
        body=f".//blockquote[{css('messageText')}]",
        sign=late(r"<li\b(?=[^<>]{0,300}?\sid=[\"']?post-\d+\b)[^<>]{0,300}?\sdata-author="),
    ),
)
