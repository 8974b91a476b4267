"""Recording a run, and running it again from a bundle to the last digit."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from truceline.agreement.case import Case, load_case
from truceline.case_judgement import judged_period, plan
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import RecordError, TrucelineError
from truceline.core.types.time import format_time
from truceline.evidence.feeds import sent_in
from truceline.evidence.ingest import Entry as FeedFile
from truceline.evidence.sources.source import Source
from truceline.judgement.parameters import Parameters
from truceline.record.bundle import Bundle
from truceline.record.canonical import digest
from truceline.record.checkpoints import signed
from truceline.record.decided import decisions_of
from truceline.record.entries import Entry, entry
from truceline.record.keys import first_key, public_text
from truceline.record.log import Log
from truceline.record.places import Cells, blurred
from truceline.run import run

CASE, INPUTS, REPORTS, PUBLISHED = "case", "inputs", "reports", "published"


def publish(
    case: Case,
    log: Log,
    key: Ed25519PrivateKey,
    *,
    origin: str,
    sources: dict[str, Source],
    parameters: Parameters,
    data: Path | None,
    output: Path,
    until: int | None,
    now: int,
    reports: Path | None = None,
    is_reviewed: bool = False,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Bundle:
    """Run a case, write down all that it rests on and says, and return the bundle of it.

    What was taken in and published is appended once: the same run again adds nothing.

    Parameters
    ----------
    case, sources, parameters, data, output, until, now
        As `run` takes them.
    log, key, origin
        The record, the key that signs it, and the name it goes by.
    reports : Path or None
        Folder of the forms that were sent in.
    is_reviewed : bool
        Whether the decisions in the record are laid over the judgement.
    random_bytes : callable
        Salts of the commitments.
    """
    began_with = first_key(log.entries(), public_text(key))
    until = judged_period(case, until)[1]
    run(
        case, sources=sources, parameters=parameters, data=data, output=output,
        until=until, now=now, reports=reports,
        decisions=decisions_of(log.entries(), now) if is_reviewed else None,
    )  # fmt: skip
    at = format_time(now)
    files = _files(case, sources, data, output, reports)
    told = {"until": str(until), "now": str(now), "reviewed": str(is_reviewed).lower()}
    places = _places(output)
    for kind, values, name in _entries(case, sources, parameters, data, files, told, places):
        log.append(entry(kind, at, values, random_bytes), name)
    checkpoint = signed(log.checkpoint(origin), key)
    return Bundle(checkpoint, tuple(log.entries()), began_with, files)


def _files(
    case: Case, sources: dict[str, Source], data: Path | None, output: Path, reports: Path | None
) -> dict[str, bytes]:
    found = {f"{CASE}/{path.relative_to(case.folder).as_posix()}": path
             for path in _case_files(case)}  # fmt: skip
    found |= {f"{INPUTS}/{name}": path for name, path in _inputs(case, sources, data)}
    if reports is not None:
        found |= {f"{REPORTS}/{item.path.relative_to(reports).as_posix()}": item.path
                  for item in sent_in(sources, reports)}  # fmt: skip
    bulletin = output / "bulletin"
    found |= {f"{PUBLISHED}/{path.relative_to(bulletin).as_posix()}": path
              for path in sorted(bulletin.rglob("*")) if path.is_file()}  # fmt: skip
    return {name: path.read_bytes() for name, path in found.items()}


def _case_files(case: Case) -> list[Path]:
    return [
        path
        for path in sorted(case.folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def _inputs(
    case: Case, sources: dict[str, Source], data: Path | None
) -> Iterator[tuple[str, Path]]:
    """Yield the files from outside the case that a run reads, by their path in the data folder."""
    if data is None:
        return
    wanted = [item.path for item in plan(case, sources, data)]
    front = case.settings.front
    if front is not None:
        wanted += [data / name for name in (front.control, front.previous, front.boundary) if name]
    for path in sorted(set(wanted)):
        if path.is_relative_to(data) and path.is_file():
            yield path.relative_to(data).as_posix(), path


def _entries(
    case: Case,
    sources: dict[str, Source],
    parameters: Parameters,
    data: Path | None,
    files: dict[str, bytes],
    told: Mapping[str, str],
    places: Mapping[str, Mapping[str, object]],
) -> Iterator[tuple[str, Mapping[str, object], str]]:
    """Yield kind, fields and key of each entry of a run."""
    terms = case.terms.agreement
    hashes = {name: digest(content) for name, content in files.items()}
    parts = {room: {n: h for n, h in hashes.items() if n.startswith(f"{room}/")}
             for room in (CASE, INPUTS, REPORTS, PUBLISHED)}  # fmt: skip
    rules = {"id": terms.id, "version": terms.version, "files": parts[CASE]}
    yield "agreement", rules, f"agreement {digest(repr(sorted(parts[CASE].items())).encode())}"
    made = {
        "version": parameters.version,
        "sha256": parameters.digest(),
        "made_by": parameters.made_by,
    }
    yield "parameters", made, f"parameters {parameters.digest()}"
    owner = {item.path: _name_of(item) for item in plan(case, sources, data)}
    for name, value in parts[INPUTS].items():
        source = owner.get(_path(name, data), "geography")
        batch = {"file": name, "source": source, "sha256": value, **places.get(value, {})}
        yield "batch", batch, f"batch {name} {value}"
    for name, value in parts[REPORTS].items():
        sender = name.split("/")[1]
        batch = {"file": name, "source": sender, "sha256": value, **places.get(value, {})}
        yield "batch", batch, f"batch {name} {value}"
    bulletin = {
        "id": case.settings.id,
        "period": [format_time(at) for at in judged_period(case, int(told["until"]))],
        "issued": format_time(int(told["now"])),
        "files": parts[PUBLISHED],
        "settings": dict(told),
    }
    yield "bulletin", bulletin, f"bulletin {case.settings.id} {told['now']}"


def _places(output: Path) -> dict[str, dict[str, Cells]]:
    """Return the blurred places of each file that a run took in, by the file's SHA-256."""
    columns = ("raw_file", "lon", "lat", "sigma_m", "handling")
    return blurred(CaseStore(output / "store").scan_observations().select(columns).collect())


def _path(name: str, data: Path | None) -> Path:
    return (data or Path()) / name.removeprefix(f"{INPUTS}/")


def _name_of(item: FeedFile) -> str:
    return "unknown" if item.source is None else item.source.info.name


def recompute(bundle: Bundle, sources: dict[str, Source], parameters: Parameters) -> list[str]:
    """Run the last bulletin of a bundle again, and return each file that comes out otherwise.

    Raises
    ------
    RecordError
        Where the bundle has not what a run needs, or this program has other parameters.
    """
    number = _last(bundle.entries)
    values = bundle.entries[number].values()
    if "settings" not in values:
        raise RecordError(
            "the inputs of this bulletin are withheld.", hint="Ask for a bundle that holds them."
        )
    theirs = [e.values()["sha256"] for e in bundle.entries if e.kind == "parameters"]
    if parameters.digest() not in theirs:
        raise RecordError(
            f"it was made with the parameters {theirs[-1][:16] if theirs else 'unknown'}, and this "
            f"program has {parameters.digest()[:16]}.",
            hint="Install the version that the bulletin names.",
        )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _laid_out(bundle, folder)
        told, now = values["settings"], int(values["settings"]["now"])
        is_reviewed = told.get("reviewed") == "true"
        try:
            run(
                load_case(folder / CASE), sources=sources, parameters=parameters,
                data=folder / INPUTS if (folder / INPUTS).is_dir() else None,
                output=folder / "out", until=int(told["until"]), now=now,
                reports=folder / REPORTS if (folder / REPORTS).is_dir() else None,
                decisions=decisions_of(bundle.entries[:number], now) if is_reviewed else None,
            )  # fmt: skip
        except TrucelineError as fault:
            raise RecordError(f"the run cannot be repeated: {fault}") from fault
        return [
            *_differences(bundle, folder / "out" / "bulletin"),
            *_place_differences(bundle, _places(folder / "out")),
        ]


def _last(entries: tuple[Entry, ...]) -> int:
    found = [number for number, item in enumerate(entries) if item.kind == "bulletin"]
    if not found:
        raise RecordError("no bulletin is in this record.")
    return found[-1]


def _laid_out(bundle: Bundle, folder: Path) -> None:
    for name, content in bundle.files.items():
        target = (folder / name).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise RecordError(f"the path {name!r} leads out of the bundle.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _differences(bundle: Bundle, made: Path) -> list[str]:
    theirs = {
        name.removeprefix(f"{PUBLISHED}/"): content
        for name, content in bundle.files.items()
        if name.startswith(f"{PUBLISHED}/")
    }
    ours = {p.relative_to(made).as_posix(): p.read_bytes()
            for p in made.rglob("*") if p.is_file()}  # fmt: skip
    out = [f"{name}: it does not come out again." for name in sorted(set(theirs) - set(ours))]
    out += [
        f"{name}: it comes out, and was not published." for name in sorted(set(ours) - set(theirs))
    ]
    for name in sorted(set(ours) & set(theirs)):
        if ours[name] != theirs[name]:
            out.append(f"{name}: {_first_difference(theirs[name], ours[name])}")
    return out


def _place_differences(bundle: Bundle, made: Mapping[str, Mapping[str, Cells]]) -> list[str]:
    """Return each blurred form that is not what its file makes."""
    return [
        f"entry {number} (batch): {field!r} is not what its file makes."
        for number, item in enumerate(bundle.entries)
        if item.kind == "batch" and item.values().get("sha256") in made
        for field, cells in made[item.values()["sha256"]].items()
        if field in item.values() and item.values()[field] != cells
    ]


def _first_difference(theirs: bytes, ours: bytes) -> str:
    pairs = zip(theirs.splitlines(), ours.splitlines(), strict=False)
    for number, (a, b) in enumerate(pairs, start=1):
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
            said, made = (
                text[max(at - 20, 0) : at + 30].decode(errors="replace") for text in (a, b)
            )
            return f"line {number} says …{said}…, and comes out as …{made}…"
    return "one is longer than the other."
