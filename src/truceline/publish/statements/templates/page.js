(() => {
  // A long list is laid out in parts: each answer to a key stays below a tenth of a second.
  const PART = 60;
  const form = document.querySelector("form.filter");
  const rows = [...document.querySelectorAll("#register tbody tr")];
  const told = document.querySelector("#told");
  const more = document.querySelector("#more");
  const exact = ["speaker", "state", "kind", "outcome", "year"];
  const fields = ["q", ...exact, "month"];
  const fold = (s) => s.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const texts = rows.map((r) => fold(r.textContent));
  const read = () => new URLSearchParams(location.hash.slice(1));
  let matched = rows;
  function show(most) {
    const kept = new Set(matched.slice(0, most));
    for (const row of rows) if (row.hidden === kept.has(row)) row.hidden = !kept.has(row);
    told.textContent = kept.size === matched.length
      ? `${matched.length} of ${rows.length} statements shown.`
      : `${matched.length} of ${rows.length} statements found, the first ${kept.size} shown.`;
    more.hidden = kept.size === matched.length;
  }
  function apply() {
    const want = read();
    for (const f of fields) form.elements[f].value = want.get(f) || "";
    const q = fold(want.get("q") || "");
    matched = rows.filter((row, i) => {
      const d = row.dataset;
      return (!q || texts[i].includes(q))
        && exact.every((f) => !want.get(f) || d[f] === want.get(f))
        && (!want.get("month") || d.date.startsWith(want.get("month")));
    });
    show(PART);
  }
  function write() {
    const next = new URLSearchParams();
    for (const f of fields) if (form.elements[f].value) next.set(f, form.elements[f].value);
    history.replaceState(null, "", "#" + next.toString());
    apply();
  }
  // A link to one statement shows it, wherever in the list it stands.
  function reach() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row) return;
    if (!matched.includes(row)) matched = rows;
    show(Math.max(PART, matched.indexOf(row) + 1));
    row.scrollIntoView();
  }
  function save() {
    const quoted = (s) => `"${s.replace(/\s+/g, " ").trim().replace(/"/g, '""')}"`;
    const lines = matched
      .map((r) => [r.id.slice(2), ...[...r.cells].map((c) => c.textContent)].map(quoted).join(","));
    const text = ["statement_id,date,speaker,statement,outcome", ...lines].join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "statements-found.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  form.addEventListener("input", write);
  form.addEventListener("submit", (e) => { e.preventDefault(); write(); });
  form.addEventListener("reset", () => setTimeout(write, 0));
  document.querySelector("#save").addEventListener("click", save);
  more.addEventListener("click", () => {
    const shown = matched.filter((r) => !r.hidden).length;
    show(shown + PART);
    matched[shown].tabIndex = -1;
    matched[shown].focus({ preventScroll: true });
  });
  addEventListener("beforeprint", () => show(rows.length));
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#s-")) { reach(); return; }
    apply();
    if (read().get("month")) document.querySelector("#register").scrollIntoView();
  });
  if (location.hash.startsWith("#s-")) { show(PART); reach(); } else apply();
})();
