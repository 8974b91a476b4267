"""A PostgreSQL server of its own for the tests: no TCP, thrown away at the end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of Debian's server programs, or None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """Run a server and give the address of it, with `{name}` where a database's name goes."""
    # The server refuses to run as root; the tests of a build often do.
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    run_as = as_user if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="truceline-pg-", dir="/tmp"))
    if run_as:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def call(program: str, *options: str) -> None:
        command = [*run_as, str(bin_folder / program), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    try:
        call("initdb", "-D", str(data), "-U", "truceline", "-A", "trust", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        call("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            yield f"postgresql://truceline@/{{name}}?host={folder}"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
