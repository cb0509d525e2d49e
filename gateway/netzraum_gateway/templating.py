"""Pages out of templates: one environment per language, content escaped, nothing undefined passes."""

import gettext
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer

from netzraum_gateway import navigation, words
from netzraum_gateway.calendar.entries import by_part
from netzraum_gateway.calendar.formats import EventFormats, fits
from netzraum_gateway.formats import HOME_ZONE, VIEW, Formats, View, pieces

LANGUAGES = ("de", "en")
TEMPLATES = Path(__file__).parent / "templates"
STATIC_URL = "/static/"

# KERN's icons and ours are masks out of data: URLs, hence img-src.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# What the frame shows where a page says nothing else: the frame of somebody who is not logged in.
FRAME: Mapping[str, Any] = {
    "me": None,
    "spaces": [],
    "unread": {},
    "todo_count": 0,
    "flash": None,
    "path": "/",
}


class Pages:
    """All pages of the gateway.

    `static_dir` holds what gateway/assets builds, `locale_dir` the compiled catalogues; `operator` is the name of
    who runs the installation, shown in the header and the footer.
    """

    def __init__(self, static_dir: Path, locale_dir: Path, *, operator: str = "") -> None:
        self._assets: dict[str, str] = json.loads((static_dir / "manifest.json").read_text())
        self._environments = {language: self._made(language, locale_dir, operator) for language in LANGUAGES}

    def render(
        self,
        name: str,
        language: str,
        theme: str,
        /,
        *,
        timezone: str = HOME_ZONE,
        now: datetime | None = None,
        csrf: str = "",
        large: bool = False,
        **context: object,
    ) -> str:
        """The page `name` (without .html); its context is named in the first comment of the template.

        `theme` is auto, light or dark; `timezone` the account's; `csrf` the browser session's token.
        """
        view = View(language, theme, timezone, now or datetime.now(UTC), csrf, large)
        token = VIEW.set(view)
        try:
            return self._environments[language].get_template(f"{name}.html").render({**FRAME, **context})
        finally:
            VIEW.reset(token)

    def environment(self, language: str) -> Environment:
        return self._environments[language]

    def asset(self, name: str) -> str:
        """The address of a built file; it changes with the content, so it may be cached for ever."""
        return STATIC_URL + self._assets[name]

    def _made(self, language: str, locale_dir: Path, operator: str) -> Environment:
        environment = _OfOneLanguage(
            loader=FileSystemLoader(TEMPLATES),
            auto_reload=False,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        catalogue = _catalogue(language, locale_dir)
        environment.translate = catalogue.gettext
        # jinja2.ext.i18n adds this method at run time.
        environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        formats = Formats(language, catalogue.gettext)
        environment.filters.update(formats.filters())
        environment.filters.update(EventFormats(language, formats, catalogue.gettext).filters())
        environment.globals.update(_globals(self.asset, operator))
        return environment


class _Context(Context):
    """Calls macros, of which a page has hundreds, without asking each what it wants to be passed."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:  # Any: as the class above has it
        if type(called) is not Macro:
            return super().call(called, *args, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*args, **named)


class _Template(Template):
    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """All templates share their globals: what is imported need not be looked through for those that it lacks."""
        return super()._get_default_module()


class _OfOneLanguage(Environment):
    """Translates ``_("a text")`` once, when a template is compiled, not at each of the hundred places of a page."""

    context_class = _Context
    template_class = _Template
    translate: Callable[[str], str]

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:  # Any: as the class above has it
        return super()._generate(_Translated(self.translate).visit(source), *args, **named)


class _Translated(NodeTransformer):
    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by jinja2.visitor
        self.generic_visit(node)
        if node.node == nodes.Name("_", "load") and not node.kwargs and len(node.args) == 1:
            text = node.args[0]
            if isinstance(text, nodes.Const):
                return nodes.MarkSafe(nodes.Const(self._translate(text.value) % {}), lineno=node.lineno)
        return node


def _catalogue(language: str, locale_dir: Path) -> gettext.NullTranslations:
    """The message ids are the English texts, so English needs no catalogue."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("netzraum", locale_dir, [language])


def _globals(asset: Callable[[str], str], operator: str) -> dict[str, object]:
    return {
        **words.tables(),
        "asset": asset,
        "operator": operator,
        "view": VIEW.get,
        "pieces": pieces,
        "tools_of": navigation.tools_of,
        "item_path": navigation.item_path,
        "unread_in": navigation.unread_in,
        "keyed": navigation.keyed,
        "with_query": navigation.with_query,
        "by_part": by_part,
        "fits": fits,
    }
