"""`truceline check`: a sentence or a text against every reasonable reading of the data."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.core.types.errors import InputError, TrucelineError

if TYPE_CHECKING:
    from truceline.accounts.claims.check import Checked
    from truceline.accounts.claims.claimreview import Publication

app = typer.Typer(help="Check a sentence or a text.")

_FORMATS = ("text", "json", "claimreview", "claims")


@app.command()
def check(
    what: Annotated[str, typer.Argument(help="A sentence, or the path of a text file.")],
    on: Annotated[str, typer.Option(help="The day of the text, such as 2025-02-20.")],
    data: Annotated[Path | None, typer.Option(help="Folder with aid/ and statements/.")] = None,
    register: Annotated[Path | None, typer.Option(help="Register of statements.")] = None,
    frame: Annotated[Path | None, typer.Option(help="Frame of another case (YAML).")] = None,
    claims: Annotated[
        Path | None, typer.Option(help="Claims as a person corrected them (YAML).")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, json, claimreview or claims.")
    ] = "text",
    page: Annotated[Path | None, typer.Option(help="Write the marked text as a page.")] = None,
    reviewer: Annotated[str, typer.Option(help="Who answers for the review.")] = "unnamed desk",
    url: Annotated[str, typer.Option(help="Address of the review.")] = "about:blank",
) -> None:
    """Read the claims out of a sentence or a text and evaluate every reasonable reading."""
    try:
        _run(what, _day(on), data, register, frame, claims, form, page, (reviewer, url))
    except TrucelineError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


def _run(
    what: str,
    on: dt.date,
    data: Path | None,
    register: Path | None,
    frame: Path | None,
    claims: Path | None,
    form: str,
    page: Path | None,
    who: tuple[str, str],
) -> None:
    from truceline.accounts.claims.check import Checked, check, check_claim
    from truceline.accounts.claims.claim import Found, claims_from_file
    from truceline.accounts.claims.claimreview import Publication
    from truceline.accounts.claims.evidence import gather
    from truceline.accounts.claims.lexicon import read_frame
    from truceline.publish.article.article_page import ArticleView, article_page

    if form not in _FORMATS:
        raise InputError(f"the format {form!r} is unknown.", hint=f"Use {', '.join(_FORMATS)}.")
    text, title = _text(what)
    case = None if frame is None else read_frame(frame)
    evidence = gather(data, register, on, case)
    if claims is None:
        checked = check(text, evidence, on=on)
    else:
        corrected = claims_from_file(claims)
        found = Found(text, corrected, ())
        checked = Checked(found, tuple(check_claim(claim, evidence) for claim in corrected))
    today = dt.datetime.now(dt.UTC).date()
    publication = Publication(who[0], who[1], who[1], published=on)
    typer.echo(_said(checked, form, publication, today))
    if page is not None:
        view = ArticleView(title, checked, on, publication, today)
        page.write_text(article_page(view), encoding="utf-8")


def _said(checked: Checked, form: str, publication: Publication, today: dt.date) -> str:
    from truceline.accounts.claims.answers import plain_answers
    from truceline.accounts.claims.claim import claims_to_yaml
    from truceline.accounts.claims.claimreview import claim_review

    if form == "claims":
        return claims_to_yaml(checked.found.claims)
    if form == "claimreview":
        reviews = [claim_review(v, publication, today) for v in checked.verdicts]
        return json.dumps(reviews, ensure_ascii=False, indent=2)
    if form == "json":
        return json.dumps(plain_answers(checked), ensure_ascii=False, indent=2, default=str)
    return _printed(checked)


def _printed(checked: Checked) -> str:
    from truceline.accounts.claims.aid import UNIT_NAMES

    lines = []
    for number, verdict in enumerate(checked.verdicts, start=1):
        lines += [f"{number}. {verdict.word.upper()}", f"   “{verdict.claim.text}”"]
        for part in verdict.parts:
            if len(verdict.parts) > 1:
                unit = UNIT_NAMES.get(part.unit, part.unit)
                lines.append(f"   - {part.subject}, {unit}: {part.word}.")
            lines.append(f"     {part.sentence}")
        if not verdict.parts:
            lines.append(f"     {verdict.sentence}")
        lines.append(f"   Readings: {verdict.readings}. {verdict.claim.note}".rstrip())
    if not checked.verdicts:
        lines.append("No checkable claim was found.")
    lines += [f"not understood: “{m.text}” ({m.why})" for m in checked.found.missed]
    return "\n".join(lines)


def _text(what: str) -> tuple[str, str]:
    path = Path(what) if len(what) < 255 else None
    if path is not None and path.is_file():
        try:
            return path.read_text(encoding="utf-8"), path.stem.replace("-", " ")
        except UnicodeDecodeError as cause:
            raise InputError(f"{what} is not text in UTF-8.") from cause
    if what.endswith(".txt"):
        raise InputError(f"there is no file {what}.", hint="Give a sentence, or a text file.")
    return what, "A sentence"


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as cause:
        raise InputError(f"the day {text!r} is not a date.", hint="Write 2025-02-20.") from cause
