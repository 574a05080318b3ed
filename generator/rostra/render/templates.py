"""Templates, styles and scripts: each of the site's own files overrides the built-in one of the same name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import compress, decompress

from markupsafe import Markup, escape
from msgspec import Struct, msgpack
from msgspec.structs import asdict

from rostra import PACKAGE
from rostra.config.toml_tables import decode_toml
from rostra.errors import UsageError
from rostra.i18n.catalogue import Catalogue
from rostra.i18n.direction import side
from rostra.render.assets import ASSETS, assets
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from jinja2 import Environment

    from rostra.config.site import Site
    from rostra.store.archive import PageLink, ProsePage

TEXTS = (".css", ".html", ".js", ".po", ".svg", ".xml")
"""The endings of layouts that are text of the site's pages."""
FORBIDDEN = late("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML forbids in any document (HTML, 13.1.4)."""
CONTROLS = bytes((*range(9), 11, *range(14, 32), 127))
BEYOND = late(rb"\xc2[\x80-\x9f]"), late(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")
"""The same in UTF-8; searching bytes takes a quarter of the time."""
OTHERWISE = late(rb"(?i)\bcharset=(?!utf-?8\b)[\w-]+")
"""The content of a catalogue that is not in UTF-8."""


def built_in() -> Path:
    """Return the folder of the built-in layouts: in the package in a wheel, at the top of a checkout otherwise."""
    package = PACKAGE
    inside = package / "layouts"
    return inside if inside.is_dir() else package.parent.parent / "layouts"


def built_in_text() -> str:
    """Return the text of all built-in layouts."""
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(built_in().rglob("*"))
        if path.suffix in TEXTS
    )


def allowed(found: re.Match[str]) -> str:
    """Return what browsers show for 0x80 to 0x9F, the Windows-1252 character; otherwise the replacement character."""
    code = ord(found[0])
    return bytes((code,)).decode("cp1252", "replace") if 0x80 <= code <= 0x9F else "\ufffd"


def encode_page(text: str) -> bytes:
    """Return a page in UTF-8 without characters that HTML forbids."""
    with suppress(UnicodeEncodeError):
        page = text.encode()
        if len(page.translate(None, CONTROLS)) == len(page) and not any(each.search(page) for each in BEYOND):
            return page
    return FORBIDDEN.sub(allowed, text).encode()


def _escaped(values: Mapping[str, object]) -> dict[str, object]:
    """Escape values for HTML; numbers stay numbers, so that messages can format them."""
    return {name: value if isinstance(value, (int, float)) else escape_text(value) for name, value in values.items()}


def escape_text(value: object) -> str:
    """Return the same text as ``escape``, mostly in a third of the time."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # checked in the line above
    if kind is str:
        return escape(value) if _has_signs(value) else value  # type: ignore[arg-type,return-value]  # checked in the line above
    return str(value) if kind is int else escape(value)


def _has_signs(text: str) -> bool:
    return "&" in text or "<" in text or ">" in text or '"' in text or "'" in text


class Layouts:
    """The layouts of one build, and the pages that every navigation links."""

    def __init__(self, site: Site, pages: tuple[ProsePage, ...] = ()) -> None:
        self.site = site
        self.pages = tuple(page.link for page in pages)
        self.folders = tuple(dict.fromkeys((site.root / site.settings.layouts, built_in())))
        self.words = Catalogue(site.settings.language, [folder / "words" for folder in self.folders], self._read)
        self._said: dict[str, Markup] = {}

    def __reduce__(self) -> tuple[Callable[..., Layouts], tuple[Site, tuple[PageLink, ...], str, bytes]]:
        # A worker caches what it has compiled.
        return _again, (self.site, self.pages, self.stamp, self._packed)

    def received(self, pages: tuple[PageLink, ...], stamp: str, packed: bytes) -> Layouts:
        """Return the layouts with what another process knows of them already."""
        self.pages, self.stamp, self._packed = pages, stamp, packed
        self._own = msgpack.decode(decompress(packed), type=dict[str, bytes])
        return self

    @cached_property
    def _own(self) -> Mapping[str, bytes]:
        """The site's own layouts by name, sent along since a worker on another machine cannot read them."""
        folder, *others = self.folders
        paths = sorted(folder.rglob("*")) if others and folder.is_dir() else ()
        files = {path.relative_to(folder): path for path in paths if path.is_file()}
        shown = {name: path for name, path in files.items() if not any(part.startswith(".") for part in name.parts)}
        return {name.as_posix(): path.read_bytes() for name, path in shown.items()}

    @cached_property
    def _packed(self) -> bytes:
        return compress(msgpack.encode(self._own))

    def _read(self, path: Path) -> bytes | None:
        """Return the content of a layout; None if there is none."""
        own = self.folders[0]
        if len(self.folders) > 1 and path.is_relative_to(own):
            said = self._own.get(name := path.relative_to(own).as_posix())
            # A catalogue may have another encoding.
            return said if said is None or OTHERWISE.search(said) else self._text(name, said).encode()
        return path.read_bytes() if path.is_file() else None

    def _override(self, name: str) -> tuple[str, str, None] | None:
        """Return the source and path of the site's own template of this name."""
        content = self._own.get(name)
        return None if content is None else (self._text(name, content), str(self.folders[0] / name), None)

    def _text(self, name: str, content: bytes) -> str:
        """Return a layout's content as text; raise UsageError with the line that is not UTF-8."""
        return decode_toml(content, f"{self.site.settings.layouts}/{name}")

    @cached_property
    def stamp(self) -> str:
        """A hash of what every page depends on besides its own debate: settings, navigation, templates and styles."""
        total = sha256(repr((self.site.settings, self.pages)).encode())
        top = built_in()
        files = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*")) if path.is_file()}
        for name, content in (*self._own.items(), *((name, path.read_bytes()) for name, path in files.items())):
            if not (self._lasting and name.endswith(".css")):
                total.update(f"{name}\0".encode() + content)
        return total.hexdigest()

    @cached_property
    def environment(self) -> Environment:
        """The Jinja environment, with autoescape and strict undefined values."""
        import jinja2

        from rostra.render.template_code import Generator, KeptCode

        own, ours, kept = jinja2.FunctionLoader(self._override), jinja2.FileSystemLoader(built_in()), None
        # A worker on another machine does not have the site's folder.
        if self.site.root.is_dir():
            self.site.cache.mkdir(parents=True, exist_ok=True)
            kept = KeptCode(self.site.cache)
        made = jinja2.Environment(
            loader=jinja2.ChoiceLoader([own, ours, jinja2.PrefixLoader({"built-in": ours})]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=kept,
            extensions=["jinja2.ext.i18n"],
        )
        made.code_generator_class = Generator
        made.written = escape_text  # type: ignore[attr-defined]  # generated code calls it
        made.globals |= {"_": self._say, "gettext": self._say, "ngettext": self._count}
        made.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension reads it
        made.filters |= {
            "number": self.words.number,
            "readable": self.words.readable,
            "day": self.words.day,
            "side": side,
        }
        return made

    def _say(self, message: str, /, **values: object) -> Markup:
        """Translate a message to HTML: it may contain markup; its values are escaped."""
        if values:
            return Markup(self.words.translations.gettext(message) % _escaped(values))  # noqa: S704  # messages come from Rostra or the publisher
        if message not in self._said:
            self._said[message] = Markup(self.words.translations.gettext(message) % {})  # noqa: S704  # messages come from Rostra or the publisher
        return self._said[message]

    def _count(self, one: str, many: str, num: int, /, **values: object) -> Markup:
        """Translate a message with a plural form for ``num`` to HTML; its values are escaped."""
        values = {"num": self.words.number(num)} | values
        return Markup(self.words.translations.ngettext(one, many, num) % _escaped(values))  # noqa: S704  # messages come from Rostra or the publisher

    def render(self, name: str, values: Mapping[str, object] | Struct) -> bytes:
        """Render a template; raise UsageError with the file and line of the faulty template."""
        seen = asdict(values) if isinstance(values, Struct) else values
        try:
            return encode_page(self.environment.get_template(name).render(seen))
        except Exception as error:
            explained = self._explained(error, name)
            # An error in a built-in template with its own values is a bug and keeps its traceback.
            if explained is None:
                raise
            raise explained from error

    def _explained(self, error: Exception, name: str) -> UsageError | None:
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        path, line = self._place(error)
        if isinstance(error, UsageError):
            return error
        if isinstance(error, TemplateSyntaxError):
            hint = "see Jinja's documentation for template designers"
            path, line = error.filename or name, error.lineno
            return UsageError(error.message or "not a template", path=path, line=line, hint=hint)
        if isinstance(error, TemplateNotFound):
            hint = "`rostra layouts` lists all layouts; a built-in one is also called `built-in/NAME`"
            return UsageError(f"there is no layout {error.name!r}", path=path or name, line=line, hint=hint)
        if isinstance(error, RecursionError):
            hint = "an override extends the built-in template by `built-in/NAME`, not itself"
            return UsageError("the template extends or includes itself", path=path or name, line=line, hint=hint)
        if isinstance(error, TemplateError) or (path and not Path(path).is_relative_to(built_in())):
            message = f"{'' if isinstance(error, TemplateError) else type(error).__name__ + ': '}{error}"
            return UsageError(
                message,
                path=path or name,
                line=line,
                hint="the manual page about layouts lists what each template may use",
            )
        return None

    def _place(self, error: BaseException) -> tuple[str | None, int | None]:
        """Return the template and line of an error: the innermost template in the traceback."""
        trace, path, line = error.__traceback__, None, None
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if any(Path(file).is_relative_to(folder) for folder in self.folders):
                path, line = file, trace.tb_lineno
            trace = trace.tb_next
        return path, line

    @property
    def _lasting(self) -> bool:
        """Whether styles keep their addresses, so that a changed style changes no page: while somebody works on them."""
        return self.site.previewed

    def style_of(self, path: Path) -> str | None:
        """Return the style that a file is a part of; None if it is part of none."""
        folders = {folder / of: name for folder in self.folders for name, (of, _) in ASSETS.items()}
        return folders.get(path.parent) if path.suffix == ".css" else None

    @cached_property
    def assets(self) -> Mapping[str, tuple[str, bytes]]:
        """Styles, scripts and fonts by name: their fingerprinted address in the site, and their bytes."""
        return assets(built_in(), self._own, self._text, self.words.for_script, lasting=self._lasting)


_known: dict[str, Layouts] = {}


def _again(site: Site, pages: tuple[PageLink, ...], stamp: str, packed: bytes) -> Layouts:
    """Return layouts received from another process; they are cached for its next task."""
    if stamp not in _known:
        _known.clear()
        _known[stamp] = Layouts(site).received(pages, stamp, packed)
    return _known[stamp]
