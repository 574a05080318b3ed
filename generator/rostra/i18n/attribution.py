"""Words of attribution lines, which name the author of the quotation below, in many languages; parts of regular expressions."""

VERBS = (
    r"wrote|writes|said|says|schrieb|a (?:é|\?|=E9|Ã©)crit|écrivait|escribió|ha scritto|schreef|skrev|escreveu"
    r"|napisał\w*|написал\w*|пишет"
)
"""Verbs of an attribution line; the French one also in wrongly decoded forms."""
ORIGINAL = (
    "original message|original appointment|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original"
    "|messaggio originale|oorspronkelijk bericht|originalmeddelande|mensagem original"
)
"""The text that mail programs write between dashes above a whole message."""
