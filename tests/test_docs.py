"""What the pages say of the command is so, and no page is out of reach."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import yaml

from truceline.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
COMMAND = typer.main.get_command(app)


def said(page):
    """Return the commands of a page's code, each on one line."""
    text = re.sub(r"\\\n\s*", " ", page.read_text(encoding="utf-8"))
    inline = re.findall(r"`(truceline [^`\n]+)`", text)
    return [
        *(line for line in text.splitlines() if re.match(r"\s*truceline [a-z]", line)),
        *inline,
    ]


def faults(line):
    """Return what of a command line the program does not know."""
    # A quoted text or a comment may hold anything, and a gap begins what is said of the command.
    plain = re.split(r"\s#|(?<=\S)\s{3,}", re.sub(r"\"[^\"]*\"", "", line.strip()))[0]
    words = plain.replace("…", "").split()[1:]
    command, path = COMMAND, ["truceline"]
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        first = words.pop(0)
        choices = re.split(r"\|", first)
        unknown = [c for c in choices if c not in command.commands]
        if unknown:
            return [f"{' '.join(path)} has no {unknown[0]!r}"]
        path.append(first)
        command = command.commands[choices[0]]
    known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help"}
    asked = [word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return [f"{' '.join(path)} knows no {option}" for option in asked if option not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_names_only_commands_and_options_that_there_are(page) -> None:
    assert [fault for line in said(page) for fault in faults(line)] == []


def test_some_page_says_commands_and_a_wrong_one_is_found() -> None:
    assert sum(len(said(page)) for page in PAGES) > 50
    assert faults("truceline plan nothing") == ["truceline plan has no 'nothing'"]
    assert faults("truceline run loc-2021 --never") == ["truceline run knows no --never"]


def test_every_page_is_in_the_site_s_list() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]
    listed = re.findall(r"[\w/.-]+\.md", str(nav))
    there = {str(page.relative_to(ROOT / "docs")) for page in PAGES if page.name != "README.md"}
    assert there == set(listed)


def test_the_reference_is_what_the_code_says() -> None:
    script = ROOT / "scripts" / "reference.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
