"""Results as a file: CSV and ODS for people, the sealed document for those who want to check the seal."""

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from fastapi import Response
from odfdo import Cell, Document, Row, Table

from netzraum_items.on_item import OnItem
from netzraum_platform.errors import Forbidden
from netzraum_polls.polls.models import Poll
from netzraum_polls.polls.questions import Question
from netzraum_polls.polls.results import Seen, document, results
from netzraum_polls.polls.schemas import AnswerView, QuestionResultView, ResultsView
from netzraum_polls.polls.wording import words

Format = Literal["csv", "ods", "json"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
}
DOCUMENTED = {
    media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for media_type in MEDIA_TYPES.values()
}
Cells = Sequence[str | int | float | None]
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""


async def export(on: OnItem[Poll], format_: Format) -> Response:
    """The results as the caller sees them, in a file.

    Raises:
        NotFound, Forbidden, ResultsHidden: as for the results themselves.
    """
    seen = await results(on, "export")
    if format_ == "json":
        return _file(on, await _document(on, seen), format_)
    tables = _tables(on.item, seen.view, on.context.language)
    content = await asyncio.to_thread(_ods, tables) if format_ == "ods" else _csv(tables)
    return _file(on, content, format_)


async def _document(on: OnItem[Poll], seen: Seen) -> bytes:
    """
    Raises:
        Forbidden: the document holds whole ballots, so only those who manage results get it; or nothing is sealed yet.
    """
    if not seen.manages or on.item.sha256 is None:
        raise Forbidden(["level_too_low"] if not seen.manages else ["wrong_state"])
    return (await document(on.context.db, on.item)).encode()


def _file(on: OnItem[Poll], content: bytes, format_: Format) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{on.item.TYPE}-{on.item.id}.{format_}"'}
    return Response(content, media_type=MEDIA_TYPES[format_], headers=headers)


def _tables(poll: Poll, view: ResultsView, language: str) -> dict[str, list[Cells]]:
    """The sheets by name: the results, then, where names are shown, who voted what."""
    say = words(language)
    sheets: dict[str, list[Cells]] = {say["results"]: list(_results(poll, view, say))}
    if view.ballots is not None:
        sheets[say["ballots"]] = list(_ballots(poll, view, say))
    return sheets


def _results(poll: Poll, view: ResultsView, say: dict[str, str]) -> Iterator[Cells]:
    yield [say["poll"], poll.title]
    yield [say["closed_at"], view.closed_at.isoformat() if view.closed_at else None]
    yield [say["voted"], view.turnout.voted]
    yield [say["entitled"], view.turnout.entitled]
    yield ["SHA-256", view.sha256]
    if view.too_few_ballots:
        yield [say["too_few"]]
    yield []
    yield [say[name] for name in ("question", "kind", "option", "count", "share", "score")]
    for question in view.questions:
        yield from _question(question, say)


def _question(question: QuestionResultView, say: dict[str, str]) -> Iterator[Cells]:
    kind = say[question.kind]
    for option in question.options:
        title = say[option.id] if question.kind == "motion" else option.title
        yield [question.title, kind, title, option.count, option.share, option.score]
    if question.motion is not None:
        yield [question.title, kind, say[question.motion.outcome]]
    if question.schulze is not None:
        titles = {option.id: option.title for option in question.options}
        for place, together in enumerate(question.schulze.order, 1):
            yield [question.title, say["schulze"], ", ".join(titles[option] for option in together), place]
    for text in question.texts or []:
        yield [question.title, kind, text]


def _ballots(poll: Poll, view: ResultsView, say: dict[str, str]) -> Iterator[Cells]:
    asked = poll.asked
    yield [say["name"], say["institution"], *(question.title for question in asked)]
    for ballot in view.ballots or []:
        given = {answer.question: answer for answer in ballot.answers}
        answers = [_said(question, given.get(question.id), say) for question in asked]
        yield [ballot.voter.name, ballot.voter.institution, *answers]


def _said(question: Question, answer: AnswerView | None, say: dict[str, str]) -> str | None:
    """An answer in words."""
    if answer is None:
        return None
    titles = {option.id: say[option.id] if question.kind == "motion" else option.title for option in question.options}
    match answer.value:
        case list() as chosen:
            return "; ".join(titles[option] for option in chosen)
        case dict() as numbers:
            return "; ".join(f"{titles[option]}: {number}" for option, number in numbers.items())
        case text:
            return titles.get(text, text)


def safe(cell: str | int | float | None) -> str | int | float | None:
    """A text that a spreadsheet would take for a formula, with a mark before it that makes it a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


def _csv(sheets: dict[str, list[Cells]]) -> bytes:
    """All sheets below each other, parted by an empty line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for number, rows in enumerate(sheets.values()):
        if number:
            writer.writerow([])
        writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _ods(sheets: dict[str, list[Cells]]) -> bytes:
    file = Document("spreadsheet")
    file.body.clear()
    for name, rows in sheets.items():
        file.body.append(_sheet(name, rows))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _sheet(name: str, rows: Iterable[Cells]) -> Table:
    table = Table(name)
    for cells in rows:
        row = Row()
        for cell in cells:
            row.append_cell(Cell(safe(cell)))
        table.append_row(row)
    return table
