"""Kill a watch again and again at random moments, then hold it to one association of all.

    python benchmarks/kills.py [--kills 100]

Runs the check of `tests/test_watch.py` with more kills: nothing lost, nothing there twice,
every incident ever published still leading to one that stands.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


def main() -> None:
    """Print how many watches died by the kill; an error tells that something is wrong."""
    from test_watch import kill_often

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    kills = parser.parse_args().kills
    started = 0
    for done in range(0, kills, 10):
        with tempfile.TemporaryDirectory() as folder:
            started += kill_often(Path(folder), min(10, kills - done), random.Random(done))
        print(f"{started} started, {min(done + 10, kills)} killed, all checks held", flush=True)


if __name__ == "__main__":
    main()
