(() => {
  const form = document.querySelector("form.filter");
  const rows = [...document.querySelectorAll("#register tbody tr")];
  const told = document.querySelector("#told");
  const exact = ["speaker", "state", "kind", "outcome", "year"];
  const fields = ["q", ...exact, "month"];
  const fold = (s) => s.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const texts = rows.map((r) => fold(r.textContent));
  const read = () => new URLSearchParams(location.hash.slice(1));
  function apply() {
    const want = read();
    for (const f of fields) form.elements[f].value = want.get(f) || "";
    const q = fold(want.get("q") || "");
    let shown = 0;
    rows.forEach((row, i) => {
      const d = row.dataset;
      const ok = (!q || texts[i].includes(q))
        && exact.every((f) => !want.get(f) || d[f] === want.get(f))
        && (!want.get("month") || d.date.startsWith(want.get("month")));
      row.hidden = !ok;
      if (ok) shown += 1;
    });
    told.textContent = `${shown} of ${rows.length} statements shown.`;
  }
  function write() {
    const next = new URLSearchParams();
    for (const f of fields) if (form.elements[f].value) next.set(f, form.elements[f].value);
    history.replaceState(null, "", "#" + next.toString());
    apply();
  }
  function save() {
    const quoted = (s) => `"${s.replace(/\s+/g, " ").trim().replace(/"/g, '""')}"`;
    const lines = rows.filter((r) => !r.hidden)
      .map((r) => [r.id.slice(2), ...[...r.cells].map((c) => c.innerText)].map(quoted).join(","));
    const text = ["statement_id,date,speaker,statement,outcome", ...lines].join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "statements-shown.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  form.addEventListener("input", write);
  form.addEventListener("submit", (e) => { e.preventDefault(); write(); });
  form.addEventListener("reset", () => setTimeout(write, 0));
  document.querySelector("#save").addEventListener("click", save);
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#s-")) return;
    apply();
    if (read().get("month")) document.querySelector("#register").scrollIntoView();
  });
  if (!location.hash.startsWith("#s-")) apply();
})();
