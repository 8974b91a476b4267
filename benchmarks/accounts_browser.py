"""How fast the pages of the accounts answer in a real browser.

    python benchmarks/accounts_browser.py [FOLDER]

Serves the recorded data on a free port, opens the pages in headless Chromium and prints: how
long each page takes to come and to be drawn, how long every interaction of the pictures takes
until its layout is done and until the next frame is on the screen, the filters of the register
likewise, a frame of the race, and a check sent to the server. The folder is the recorded data;
by default TRUCELINE_DATA, else ../shared/data.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page, sync_playwright

from truceline.web.app import create_app
from truceline.web.settings import Settings

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGES = ("/", "/accounts/aid", "/statements", "/statements/positions", "/statements/polls",
         "/accounts/article", "/embed/aid?view=ranked&release=28")  # fmt: skip
ROUNDS = 3

#: Runs one act; gives milliseconds until script and layout are done, and until a frame is shown.
MEASURE = """
  const shown = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
  const act = async (out, name, f) => {
    await shown();
    const t = performance.now(); f(); document.body.getBoundingClientRect();
    const laid = performance.now() - t; await shown();
    out.push([name, laid, performance.now() - t]);
  };
  const change = (e) => {
    if (e.type === 'checkbox') { e.click(); return; }
    if (e.tagName === 'SELECT') e.selectedIndex = (e.selectedIndex + 1) % e.options.length;
    else if (e.type === 'range') e.value = Math.floor(e.max * (0.2 + 0.6 * Math.random()));
    else e.value = e.value ? '' : 'troops';
    for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }));
  };
"""
AID = f"""async () => {{ {MEASURE}
  const out = [];
  for (const tab of document.querySelectorAll('#views [role=tab]')) {{
    await act(out, `${{tab.textContent}}: open`, () => tab.click());
    for (const e of document.querySelectorAll('#controls select, #controls input, #month')) {{
      if (e.closest('[hidden]')) continue;
      await act(out, `${{tab.textContent}}: ${{e.id}}`, () => change(e));
    }}
  }}
  return out; }}"""
REGISTER = f"""async () => {{ {MEASURE}
  const out = [];
  for (const e of document.querySelectorAll('form.filter select, form.filter input')) {{
    await act(out, `narrow by ${{e.name}}`, () => change(e));
    await act(out, 'show all', () => e.form.reset());
  }}
  return out; }}"""
RACE = """async () => {
  const out = []; const seen = new Set();
  document.getElementById('play').click();
  while (document.getElementById('play').textContent === 'Pause' && seen.size < 12) {
    await new Promise((r) => setTimeout(r, 40));
    const month = document.getElementById('month-said').textContent;
    if (seen.has(month)) continue;
    seen.add(month);
    out.push([`race ${month}`, Number(document.documentElement.dataset.drawn), 0]);
  }
  if (document.getElementById('play').textContent === 'Pause') {
    document.getElementById('play').click();
  }
  return out; }"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the data on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(data=folder, requests_per_minute=100_000)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def printed(name: str, acts: list[list[Any]]) -> None:
    """Print the median and the slowest of a set of acts, by the median of each act's rounds."""
    by_name: dict[str, list[tuple[float, float]]] = {}
    for act, laid, shown in acts:
        by_name.setdefault(act, []).append((laid, shown))
    laid = {act: statistics.median(v[0] for v in values) for act, values in by_name.items()}
    shown = {act: statistics.median(v[1] for v in values) for act, values in by_name.items()}
    print(f"{name}: {len(by_name)} kinds, {len(acts)} acts")
    for what, times in (("script and layout", laid), ("on the screen", shown)):
        if any(times.values()):
            slowest = max(times, key=lambda act: times[act])
            median = statistics.median(times.values())
            print(f"  {what}: median {median:.0f} ms, slowest {times[slowest]:.0f} ms ({slowest})")


def asked(address: str, text: str) -> float:
    """Send a text to be checked and return the seconds until its answer is read."""
    body = json.dumps({"text": text, "on": "2025-02-20"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/check", body, headers)
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        answer.read()
    return time.perf_counter() - start


def loaded(page: Page, address: str) -> None:
    """Print how long each page takes the first time, and once the server knows it."""
    for path in PAGES:
        taken = []
        for _ in range(2):
            start = time.perf_counter()
            page.goto(address + path, wait_until="load")
            taken.append(1000 * (time.perf_counter() - start))
        print(f"{path}: first {taken[0]:.0f} ms, again {taken[1]:.0f} ms")


def main(folder: Path) -> None:
    with served(folder) as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1200, "height": 900})
        loaded(page, address)
        page.goto(f"{address}/accounts/aid")
        page.evaluate(AID)
        printed("aid", [act for _ in range(ROUNDS) for act in page.evaluate(AID)])
        page.goto(f"{address}/accounts/aid#view=ranked&release=29")
        page.reload()
        printed("race", page.evaluate(RACE))
        page.goto(f"{address}/statements")
        printed("register", [act for _ in range(ROUNDS) for act in page.evaluate(REGISTER)])
        sentence = "Japan gives considerably more than France as a share of GDP."
        first, again = asked(address, sentence), asked(address, sentence)
        print(f"check of a sentence: first {first:.2f} s, again {again:.3f} s")
        chromium.close()


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TRUCELINE_DATA")
    main(Path(given or Path(__file__).resolve().parents[2] / "shared" / "data"))
