"""A browser and its system in plain words, out of what it calls itself."""

from collections.abc import Callable

from netzraum_gateway.labels import msg

BROWSERS = {
    "Edg/": "Edge",
    "EdgA/": "Edge",
    "EdgiOS/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "FxiOS/": "Firefox",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""By their mark. The first that fits counts: Edge calls itself Chrome and Safari too, Chrome calls itself Safari."""
SYSTEMS = {
    "iPad": "iPadOS",
    "iPhone": "iOS",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}
"""By their mark, the first that fits: Android calls itself Linux as well. An iPad may call itself Macintosh."""
BROWSER_ON_SYSTEM = msg("{browser} on {system}")
SHOWN = 60
"""Characters of a text that names no browser known here."""


def browser_words(client: str, gettext: Callable[[str], str]) -> str:
    """Browser and system of a User-Agent; what names none of them, such as a program, stays as it is, cut."""
    browser, system = _named(client, BROWSERS), _named(client, SYSTEMS)
    if browser and system:
        return gettext(BROWSER_ON_SYSTEM).format(browser=browser, system=system)
    return client if len(client) <= SHOWN else client[: SHOWN - 1] + "…"


def _named(client: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in client), "")
