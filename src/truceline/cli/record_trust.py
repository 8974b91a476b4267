"""`truceline record change-key` and `cosign`: what makes a record worth another's trust."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from truceline.cli.failures import said_plainly


def change_key(
    log: Annotated[str, typer.Option(help="File of the log, or postgresql://... of a room.")],
    new: Annotated[Path, typer.Option(help="File of the next private key; made where missing.")],
    why: Annotated[str, typer.Option(help="Why the key is changed, for all to read.")],
    key: Annotated[Path | None, typer.Option(help="Private key until now.")] = None,
    lost: Annotated[
        str | None, typer.Option(help="Public part of the key until now, where it is lost.")
    ] = None,
) -> None:
    """Let a record go over to another key; the old one gives its word, unless it is lost.

    Example: truceline record change-key --log record.sqlite --key old.key --new new.key --why year
    """
    with said_plainly():
        from truceline.core.store.sql import open_database
        from truceline.core.types.errors import InputError
        from truceline.core.types.time import format_time
        from truceline.record.entries import entry
        from truceline.record.keys import first_key, key_change, make_key, public_text, read_key
        from truceline.record.log import Log

        if (key is None) == (lost is None):
            raise InputError("either the key until now is given, or its public part as lost.")
        kept = Log(open_database(log if "://" in log else Path(log)))
        before = read_key(key) if key is not None else str(lost)
        now = before if isinstance(before, str) else public_text(before)
        first_key(kept.entries(), now)
        public = public_text(read_key(new) if new.exists() else make_key(new))
        values = key_change(before, public, why)
        at = format_time(time.time_ns() // 1000)
        kept.append(entry("key_change", at, values, secrets.token_bytes), f"key_change {public}")
        typer.echo(public)
        typer.echo(f"sign with {new} from now on" + _what_readers_do(public, is_lost=key is None),
                   err=True)  # fmt: skip


def _what_readers_do(public: str, *, is_lost: bool) -> str:
    if not is_lost:
        return "; readers who know the key before follow by themselves"
    return f"; the key before gave no word, so tell every reader by other means: {public}"


def cosign(
    bundle: Annotated[Path, typer.Argument(help="A bundle.", dir_okay=False)],
    key: Annotated[Path, typer.Option(help="Private key of the witness.")],
    name: Annotated[str, typer.Option(help="Name of the witness.")],
    log_key: Annotated[str, typer.Option(help="Public key you know the log by.")],
    seen: Annotated[Path, typer.Option(help="File with the last checkpoint that you cosigned.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Cosigned bundle to write.")],
) -> None:
    """Cosign a record as a witness, if it is the one you saw before with entries added.

    A record that is another (a split view) is not cosigned; exit code 8.

    Example: truceline record cosign bundle.zip --key witness.key --name witness.example
    --log-key KEY --seen seen.txt -o cosigned.zip
    """
    with said_plainly():
        from dataclasses import replace

        from truceline.record.bundle import continues, faults_of, read_bundle, write_bundle
        from truceline.record.checkpoints import cosigned, parse_checkpoint
        from truceline.record.keys import read_key

        found = read_bundle(bundle)
        wrong = faults_of(found, log_key)
        if not wrong and seen.exists():
            before = parse_checkpoint(seen.read_text(encoding="utf-8"))
            if not continues(before, found):
                wrong = [f"SPLIT VIEW: {bundle} is not the record of {seen} with entries added. "
                         "Keep both: they prove it."]  # fmt: skip
        if wrong:
            typer.echo("\n".join(wrong), err=True)
            raise typer.Exit(8)
        signed = cosigned(found.checkpoint, name, read_key(key), int(time.time()))
        out.write_bytes(write_bundle(replace(found, checkpoint=signed)))
        # Last, so that nothing counts as seen that was not cosigned.
        seen.write_text(signed.text(), encoding="utf-8")
        typer.echo(f"cosigned {found.checkpoint.size} entries as {name}; wrote {out}")
