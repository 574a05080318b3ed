"""Languages as sources name them, as BCP 47 tags."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rostra.system.lazy_regex import late

CODES = ["aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bi", "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi", "yo", "za", "zh", "zu"]  # fmt: skip
"""The codes of ISO 639-1, in their order."""
TAG = late(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?(?:-.*)?", re.IGNORECASE)
"""A language, its script and its region (RFC 5646, 2.1); what may follow says nothing that a page needs."""
SUBTAGS = late(r"[A-Za-z]+(?:-[A-Za-z0-9]{1,8})*")
NONE = ("und", "mul", "zxx", "mis")


def language_of(value: Any) -> str | None:
    """A language as a BCP 47 tag of registered parts; None where it is not told, or said to be unknown."""
    return _known(value.strip().replace("_", "-")) if isinstance(value, str) else None


@lru_cache(maxsize=100)
def is_known(tag: str) -> bool:
    """Whether a BCP 47 tag names a language that is registered, and no script or region that is not.

    Regions by number (``es-419``) are not looked up.
    """
    found = TAG.fullmatch(tag)
    if not found or not SUBTAGS.fullmatch(tag):
        return False
    language, script, region = found[1].lower(), found[2], found[3] if not (found[3] or "").isdigit() else None
    if language in CODES and not script and not region:
        return True
    from babel import Locale

    if language not in NONE and _known(language) is None and language not in Locale("en").languages:
        return False
    # English stands for a language of which Unicode knows no script.
    rest = "".join(f"-{part}" for part in (script, region) if part)
    return _known(f"en{rest}") == f"en{rest}"


@lru_cache(maxsize=1_000)
def _known(tag: str) -> str | None:
    found = TAG.fullmatch(tag)
    if found is None or found[1].lower() in NONE:
        return None
    language, script, region = found.groups()
    if language.lower() in CODES and not script and not region:
        return language
    from babel.core import get_global  # what Unicode knows of languages; asked only for what is less common

    likely = get_global("likely_subtags")
    if language.lower() not in CODES and language.lower() not in likely:
        return None
    scripts = {each.split("_")[1] for each in likely.values()}
    return "-".join(
        (
            language,
            *([script] if script and script.title() in scripts else []),
            *([region] if region and region.upper() in get_global("territory_languages") else []),
        )
    )
