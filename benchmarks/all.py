"""Every benchmark in one command, with its results as a page and a plot.

    python benchmarks/all.py                 # those that have no result yet, shortest way on
    python benchmarks/all.py siting queue    # these, anew
    python benchmarks/all.py --page          # only write the page and the plot again

Results are kept in `benchmarks/results.json` as each benchmark ends, with the machine, the
versions, the date and the load, so a run that is stopped goes on where it was. Writes
`docs/benchmarks.md` and `docs/images/benchmarks.svg`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from collected import BENCHES, Bench

HERE = Path(__file__).parent
KEPT = HERE / "results.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
PLOT = HERE.parent / "docs" / "images" / "benchmarks.svg"

PACKAGES = (
    "numpy", "numba", "polars", "duckdb", "scipy", "scikit-learn", "pyspark", "spopt", "simpy",
    "xarray-spatial", "confluent-kafka",
)  # fmt: skip

#: How programs of a table begin that are no peers.
OURS = ("linked", "and cut", "truceline")

Results = dict[str, dict[str, Any]]


def machine() -> str:
    """Return what the machine is, in words."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(names)} cores of {names[0]}, {memory:.0f} GB, {platform.system()}"


def versions() -> dict[str, str]:
    """Return the versions of Python and of what is compared."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def run(bench: Bench) -> dict[str, Any]:
    """Run a benchmark; return its figures and the circumstances."""
    command = [sys.executable, str(HERE / bench.command[0]), *bench.command[1:]]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "load": round(os.getloadavg()[0], 1),
        "machine": machine(),
        "versions": versions(),
        "ended": done.returncode,
        "rows": bench.rows(done.stdout),
    }


def times(results: Results) -> list[tuple[str, float, float | None]]:
    """Return label, ratio and aim of every figure against a peer."""
    found = []
    for bench in BENCHES:
        for row in results.get(bench.name, {}).get("rows", []):
            if bench.peer and not row.get("program", "").startswith(OURS):
                label = f"{bench.name}: {bench.peer.format(**row)}"
                aims = [aim for words, aim in bench.aims if words in label]
                found.append((label, float(row["times"]), aims[0] if aims else None))
    return found


def draw(results: Results) -> None:
    """Draw how many times the peers, with what is aimed at."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 9})
    import matplotlib.pyplot as plt

    found = times(results)[::-1]
    figure, axes = plt.subplots(figsize=(8.0, 0.32 * len(found) + 0.9), layout="constrained")
    axes.barh([label for label, _, _ in found], [n for _, n, _ in found], color="#7d8792")
    for at, (_, n, aim) in enumerate(found):
        axes.text(n * 1.05, at, f"{n:g}", va="center")
        if aim is not None:
            axes.plot([aim, aim], [at - 0.4, at + 0.4], color="#b4532a", linewidth=2)
    axes.set(xscale="log", xlim=(1, 3_000), xlabel="times the peer; the mark is what is aimed at")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PLOT, metadata={"Date": None})
    plt.close(figure)


def section(bench: Bench, result: dict[str, Any] | None) -> list[str]:
    """Return the lines of one benchmark on the page."""
    lines = [f"## {bench.title}", "", bench.about, ""]
    lines += [f"    python benchmarks/{' '.join(bench.command)}", ""]
    if result is None or not result["rows"]:
        return [*lines, "Not run yet.", ""]
    names = list(result["rows"][0])
    lines += ["| " + " | ".join(n.replace("_", " ") for n in names) + " |"]
    lines += ["|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(row[n] for n in names) + " |" for row in result["rows"]]
    note = f" {result['note']}" if "note" in result else ""
    return [*lines, "", f"{result['date']}, load {result['load']}.{note}", ""]


def page(results: Results) -> str:
    """Return the page."""
    latest = max(results.values(), key=lambda result: str(result["date"]))
    told = ", ".join(f"{name} {number}" for name, number in latest["versions"].items())
    head = [
        "# Benchmarks", "",
        "Written by `python benchmarks/all.py`, which runs every benchmark and keeps each result",
        "with its date. Ratios within one run count; seconds on a machine that others use do not.",
        "The load is the mean number of programs that wanted a core in the last minute of a run.",
        "", f"Machine: {latest['machine']}. Versions: {told}.", "",
        "![How many times as fast as each peer](images/benchmarks.svg)", "",
    ]  # fmt: skip
    sections = [line for bench in BENCHES for line in section(bench, results.get(bench.name))]
    return "\n".join([*head, *sections]).rstrip() + "\n"


def main() -> None:
    """Run what was asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(b.name for b in BENCHES))
    parser.add_argument("--page", action="store_true", help="run nothing")
    options = parser.parse_args()
    results: Results = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    unknown = set(options.names) - {bench.name for bench in BENCHES}
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    for bench in BENCHES:
        wanted = bench.name in options.names or not (options.names or bench.name in results)
        if options.page or not wanted:
            continue
        print(f"{bench.name}: {' '.join(bench.command)}", flush=True)
        results[bench.name] = run(bench)
        KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(results))
    draw(results)


if __name__ == "__main__":
    main()
