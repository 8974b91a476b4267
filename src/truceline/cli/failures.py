"""Failures on the command line: one sentence on standard error, and an exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from truceline.core.types.errors import TrucelineError


@contextmanager
def said_plainly(*, as_json: bool = False) -> Iterator[None]:
    """Turn an error of ours into its sentence, or its one JSON shape, and its exit code.

    Exit codes: 1 an error, 3 input, 4 terms, 5 a table, 6 the store, 7 a feed that did not
    answer, 8 a record that does not verify.
    """
    try:
        yield
    except TrucelineError as fault:
        text = json.dumps({"error": fault.as_dict()}) if as_json else f"error: {fault}"
        typer.echo(text, err=True)
        raise typer.Exit(fault.exit_code) from fault
