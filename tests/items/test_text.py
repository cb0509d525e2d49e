"""Markdown becomes HTML that does nothing, and plain words."""

from unittest.mock import Mock

import pytest

from netzraum_platform.text import LONGEST_KEPT, to_html, to_plain


def test_tables_task_lists_and_footnotes_are_rendered() -> None:
    html = to_html("| A | B |\n|---|---|\n| 1 | 2 |\n\n- [x] fertig\n- [ ] offen\n\nText[^1]\n\n[^1]: Fußnote\n")
    assert "<table>" in html
    assert html.count('type="checkbox"') == 2
    assert "Fußnote" in html
    assert 'class="footnotes"' in html


def test_tasks_are_named_and_wide_tables_can_be_moved_by_keys() -> None:
    html = to_html("- [ ] offen\n\n| A |\n|---|\n| 1 |\n")
    assert 'type="checkbox"> offen</label>' in html
    assert '<div class="nr-scroll" tabindex="0"><table>' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[klick](javascript:alert(1))",
        "[klick](data:text/html;base64,PHNjcmlwdD4=)",
        "![bild](javascript:alert(1))",
        "<svg onload=alert(1)>",
        "<iframe src='https://fremd.example'></iframe>",
        "<style>body{display:none}</style>",
        '<form action="https://fremd.example"><input name=passwort></form>',
        "[a](https://x.example 'onmouseover=alert(1)')<b onclick=alert(1)>",
        "[x](vbscript:x)",
    ],
)
def test_nothing_active_passes(text: str) -> None:
    html = to_html(text).lower()
    for active in ("<script", "<svg", "<iframe", "<style", "<form", "<b onclick", "<img src=x"):
        assert active not in html
    for active in ('href="javascript', 'href="data', 'src="javascript', 'href="vbscript'):
        assert active not in html


def test_links_to_elsewhere_do_not_tell_where_they_were_followed_from() -> None:
    assert 'rel="noopener noreferrer nofollow"' in to_html("[dort](https://dort.example)")


def test_plain_words_without_marks() -> None:
    text = "# Titel\n\nEin **fetter** [Link](https://x.example)\nund `Code`.\n\n- eins\n- zwei\n\n```\nBlock\n```\n"
    assert to_plain(text) == "Titel Ein fetter Link und Code. • eins • zwei Block"


def test_entries_of_lists_do_not_run_together() -> None:
    assert to_plain("Mitbringen:\n\n- Ausweis\n- Zeugnis\n  - Kopie\n") == "Mitbringen: • Ausweis • Zeugnis • Kopie"
    assert to_plain("3. Anmelden\n4. Warten\n") == "3. Anmelden 4. Warten"
    assert to_plain("- [ ] offen\n- [x] fertig\n") == "• offen • fertig"


def test_a_text_that_is_read_again_is_not_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = Mock(side_effect=lambda html: html)
    monkeypatch.setattr("netzraum_platform.text._clean", clean)
    for text in ("Wird *oft* gelesen.", "w" * LONGEST_KEPT):
        assert to_html(text) == to_html(text)
    assert clean.call_count == 2
    too_long = "w" * (LONGEST_KEPT + 1)
    assert to_html(too_long) == to_html(too_long)
    assert clean.call_count == 4, "what is too long is not kept"
