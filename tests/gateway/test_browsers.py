"""What a browser calls itself, in plain words."""

import pytest

from netzraum_gateway import locale_build
from netzraum_gateway.browsers import SHOWN, browser_words
from netzraum_gateway.templating import Pages

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
SAMSUNG = "Mozilla/5.0 (Linux; Android 14; SM-S911B)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("client", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox on Android"),
        (f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0", "Opera on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{SAMSUNG} {WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{MAC} Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (f"{IPAD} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPadOS"),
        (f"{IPHONE} FxiOS/128.0 Mobile/15E148 Safari/605.1.15", "Firefox on iOS"),
        (f"{IPHONE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Chrome on iOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("Firefox, somewhere", "Firefox, somewhere"),
        ("", ""),
    ],
)
def test_browser_and_system_are_named(client: str, said: str) -> None:
    assert browser_words(client, str) == said


def test_a_long_unknown_text_is_cut() -> None:
    assert browser_words("x" * SHOWN, str) == "x" * SHOWN
    assert browser_words("x" * (SHOWN + 1), str) == "x" * (SHOWN - 1) + "…"


@pytest.mark.parametrize(("language", "said"), [("de", "Edge unter Windows"), ("en", "Edge on Windows")])
def test_pages_say_it_in_their_language(language: str, said: str) -> None:
    locale_build.compile_all()
    pages = Pages(locale_build.PACKAGE / "static", locale_build.LOCALE)
    edge = f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
    assert pages.environment(language).filters["browser"](edge) == said
