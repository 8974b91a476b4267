"""`truceline record`: publish on a signed log, hand out bundles, check them offline."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli import record_trust
from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from truceline.record.bundle import Bundle

app = typer.Typer(help="The signed record: publish, redact, verify, compare, prove.",
                  no_args_is_help=True)  # fmt: skip

app.command("change-key")(record_trust.change_key)
app.command("cosign")(record_trust.cosign)

BundleFile = Annotated[Path, typer.Argument(help="A bundle.", dir_okay=False)]


@app.command()
def keygen(key: Annotated[Path, typer.Argument(help="File of the new private key.")]) -> None:
    """Make a key and print its public part, by which others know the log.

    Example: truceline record keygen record.key
    """
    with said_plainly():
        from truceline.record.keys import make_key, public_text

        typer.echo(public_text(make_key(key)))


@app.command()
def publish(
    case: Annotated[str, typer.Argument(help="Case, as for `truceline run`.")],
    log: Annotated[Path, typer.Option(help="File of the log; made where missing.")],
    key: Annotated[Path, typer.Option(help="Private key.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")],
    origin: Annotated[str, typer.Option(help="Name of the log.")] = "truceline/record",
    data: Annotated[Path | None, typer.Option(help="Folder of the feeds' files.")] = None,
    until: Annotated[str | None, typer.Option(help="End of what is judged.")] = None,
) -> None:
    """Run a case, write down what it rests on and says, and sign it; writes bundle.zip.

    Example: truceline record publish loc-2021 --log record.sqlite --key record.key --out out
    """
    with said_plainly():
        from truceline.agreement.case import load_case
        from truceline.cli.case import find_case
        from truceline.core.store.sql import open_database
        from truceline.core.types.time import parse_time
        from truceline.evidence.sources.source import installed_sources
        from truceline.judgement.parameters import shipped_parameters
        from truceline.recompute import publish as published
        from truceline.record.bundle import write_bundle
        from truceline.record.keys import read_key
        from truceline.record.log import Log

        bundle = published(
            load_case(find_case(case)),
            Log(open_database(log)),
            read_key(key),
            origin=origin,
            sources=installed_sources(),
            parameters=shipped_parameters(),
            data=data,
            output=out,
            until=None if until is None else parse_time(until),
            now=time.time_ns() // 1000,
        )
        (out / "bundle.zip").write_bytes(write_bundle(bundle))
        typer.echo(bundle.checkpoint.text(), nl=False)
        typer.echo(f"wrote {out / 'bundle.zip'}: {bundle.checkpoint.size} entries, "
                   f"{len(bundle.files)} files")  # fmt: skip


@app.command()
def export(
    bundle: BundleFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="Bundle to write.")],
    tlp: Annotated[str, typer.Option(help="CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")] = "CLEAR",
    party: Annotated[str | None, typer.Option(help="For this party: its own word whole.")] = None,
    protect_sources: Annotated[
        bool, typer.Option(help="Withhold who observed, reported, reviewed or looked.")
    ] = False,
    blur: Annotated[
        float | None, typer.Option(help="Places no finer than this, km, and no raw file.")
    ] = None,
) -> None:
    """Write the bundle for an audience; what is withheld still verifies.

    Example: truceline record export out/bundle.zip --tlp GREEN --party north --out north.zip
    """
    with said_plainly():
        from truceline.record.bundle import read_bundle, redacted_bundle, write_bundle
        from truceline.record.redaction import Audience

        shown = redacted_bundle(read_bundle(bundle), Audience(tlp, party, protect_sources, blur))
        out.write_bytes(write_bundle(shown))
        withheld = sum(
            not field.is_open for item in shown.entries for field in item.fields.values()
        )
        typer.echo(f"wrote {out}: {len(shown.files)} files, {withheld} fields withheld")


@app.command()
def verify(
    bundle: BundleFile,
    key: Annotated[str | None, typer.Option(help="Public key you know the log by.")] = None,
    recompute: Annotated[bool, typer.Option(help="Run the bulletin again as well.")] = False,
    stamp: Annotated[Path | None, typer.Option(help="Time stamp of it, RFC 3161.")] = None,
    roots: Annotated[Path | None, typer.Option(help="Certificates of authorities, PEM.")] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="NAME=KEY of a witness that must have cosigned it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a bundle offline, byte by byte; exit code 8 where anything is wrong.

    With --json: `size`, `root`, `faults`, `recomputed` and `stamped_at` (null where it was not
    asked for).

    Example: truceline record verify bundle.zip --key KEY --recompute
    """
    with said_plainly(as_json=as_json):
        from truceline.record.bundle import container_fault, faults_of, read_bundle

        found = read_bundle(bundle)
        faults = faults_of(found, key)
        outer = container_fault(bundle.read_bytes(), found)
        faults += [outer] if outer else []
        faults += _unwitnessed(found, witness or [])
        stamped = _stamped_at(found, stamp, roots)
        again = _recomputed(found) if recompute and not faults else None
        wrong = faults + (again or [])
        if as_json:
            typer.echo(json.dumps({
                "size": found.checkpoint.size, "root": found.checkpoint.root.hex(),
                "faults": faults, "recomputed": again, "stamped_at": stamped,
            }))  # fmt: skip
        else:
            _tell(found, wrong, again, key)
            if stamped and not wrong:
                typer.echo(f"stamped: this record existed by {stamped}")
        if wrong:
            raise typer.Exit(8)


def _unwitnessed(bundle: Bundle, witnesses: list[str]) -> list[str]:
    """Return the witnesses, NAME=KEY, that did not cosign a bundle, a sentence each."""
    from truceline.core.types.errors import InputError
    from truceline.record.checkpoints import witnessed_at

    faults = []
    for named in witnesses:
        name, _, key = named.partition("=")
        try:
            public = base64.b64decode(key, validate=True)
        except ValueError as cause:
            raise InputError(f"{named!r} is not NAME=KEY with the key in base64.") from cause
        if witnessed_at(bundle.checkpoint, name, public) is None:
            faults.append(f"checkpoint.txt: {name} has not cosigned it.")
    return faults


def _stamped_at(bundle: Bundle, stamp: Path | None, roots: Path | None) -> str | None:
    from truceline.core.types.errors import InputError
    from truceline.record.stamps import stamped_at

    if stamp is None:
        return None
    if roots is None:
        raise InputError(
            "a time stamp is worth what its authority is, and none was given.",
            hint="Give the authority's certificates with --roots FILE.",
        )
    when = stamped_at(_read(stamp), bundle.checkpoint, _read(roots))
    return when.isoformat().replace("+00:00", "Z")


def _read(path: Path) -> bytes:
    from truceline.core.types.errors import InputError, Where

    try:
        return path.read_bytes()
    except OSError as cause:
        raise InputError(
            "the file cannot be read.", where=Where(str(path)), hint="Check its name."
        ) from cause


@app.command()
def stamp(
    bundle: BundleFile,
    authority: Annotated[str, typer.Option(help="Address of a time-stamping authority.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File of the stamp.")],
) -> None:
    """Let an authority sign that this record existed now (RFC 3161); only a hash is sent.

    Example: truceline record stamp bundle.zip --authority http://tsa.example -o bundle.tsr
    """
    with said_plainly():
        from truceline.record.bundle import read_bundle
        from truceline.record.stamps import stamp_of

        out.write_bytes(stamp_of(read_bundle(bundle).checkpoint, authority))
        typer.echo(f"wrote {out}")


def _recomputed(bundle: Bundle) -> list[str]:
    from truceline.evidence.sources.source import installed_sources
    from truceline.judgement.parameters import shipped_parameters
    from truceline.recompute import recompute

    return recompute(bundle, installed_sources(), shipped_parameters())


def _tell(bundle: Bundle, wrong: list[str], again: list[str] | None, key: str | None) -> None:
    for fault in wrong:
        typer.echo(fault, err=True)
    if wrong:
        return
    typer.echo(f"verified: {bundle.checkpoint.size} entries, {len(bundle.files)} files")
    if key is None:
        typer.echo(f"signed by {bundle.public_key}: ask by other means if this is its key")
    if again is not None:
        typer.echo("recomputed: every published file came out again to the last byte")


@app.command()
def diff(old: BundleFile, new: BundleFile) -> None:
    """Print what a newer bundle adds, or that the log showed two histories (exit code 8).

    Example: truceline record diff yesterday.zip today.zip
    """
    with said_plainly():
        from truceline.record.bundle import compared, faults_of, read_bundle

        first, second = read_bundle(old), read_bundle(new)
        wrong = [f"{path}: {fault}" for path, bundle in ((old, first), (new, second))
                 for fault in faults_of(bundle)]  # fmt: skip
        if wrong:
            typer.echo("\n".join(wrong), err=True)
            raise typer.Exit(8)
        lines = compared(first, second)
        typer.echo("\n".join(lines) if lines else "the same record")
        if any(line.startswith("SPLIT VIEW") for line in lines):
            raise typer.Exit(8)


@app.command()
def prove(
    bundle: BundleFile, number: Annotated[int, typer.Argument(min=0, help="Number of the entry.")]
) -> None:
    """Print an entry with the proof that it is under the signed root, as JSON.

    Example: truceline record prove bundle.zip 0
    """
    with said_plainly():
        from truceline.record.bundle import read_bundle
        from truceline.record.entries import to_line
        from truceline.record.tree import inclusion_proof

        found = read_bundle(bundle)
        leaves = [item.leaf() for item in found.entries]
        proof = inclusion_proof(leaves, number)
        typer.echo(json.dumps({
            "entry": json.loads(to_line(found.entries[number])),
            "leaf": leaves[number].hex(),
            "number": number,
            "proof": [node.hex() for node in proof],
            "checkpoint": found.checkpoint.text(),
        }, ensure_ascii=False))  # fmt: skip
