// A zone as a table of its corners, which keys alone can fill; and the lint's findings in words.

function element(name, properties = {}, ...held) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...held);
  return made;
}

function button(text, act, label = text) {
  const made = element("button", { type: "button", textContent: text, ariaLabel: label });
  made.addEventListener("click", act);
  return made;
}

function number(label, value, [low, high], changed) {
  const input = element("input", { type: "number", step: "any", min: low, max: high, value: value ?? "", required: true });
  input.setAttribute("aria-label", label);
  input.addEventListener("change", () => { if (input.value && input.checkValidity()) changed(Number(input.value)); });
  return input;
}

/** Return a zone as a table; `does` has what to call when it was changed, renamed or removed. */
export function zoneTable(id, zone, sides, does) {
  const name = element("input", { value: id, maxLength: 60, pattern: "[A-Za-z0-9][A-Za-z0-9 _\\-]*" });
  name.addEventListener("change", () => { if (name.checkValidity()) does.rename(name.value.trim()); });
  const side = element("select", {}, ...sides.map((party) => new Option(party, party, false, party === zone.side)));
  side.addEventListener("change", () => { zone.side = side.value; });
  // A corner that is being typed has no place yet, and the map does not show the zone half-made.
  const rows = zone.ring.map((corner, i) => {
    const set = (k) => (value) => { corner[k] = value; if (zone.ring.every((c) => c.every(Number.isFinite))) does.changed(); };
    return element("tr", {}, element("td", { textContent: i + 1 }),
      element("td", {}, number(`Latitude of corner ${i + 1} of ${id}`, corner[1], [-90, 90], set(1))),
      element("td", {}, number(`Longitude of corner ${i + 1} of ${id}`, corner[0], [-180, 180], set(0))),
      element("td", {}, button("Delete", () => { zone.ring.splice(i, 1); does.changed(); does.list(); },
        `Delete corner ${i + 1} of ${id}`)));
  });
  const head = element("thead", {}, element("tr", {}, ...["Corner", "Latitude", "Longitude", "Delete"].map((text) =>
    element("th", { textContent: text, scope: "col" }))));
  const table = element("table", {}, element("caption", { textContent: `Corners of ${id}, degrees` }), head, element("tbody", {}, ...rows));
  const scroll = element("div", { className: "scroll", role: "region", tabIndex: 0, ariaLabel: `Corners of ${id}` }, table);
  const made = element("details", {}, element("summary", { textContent: `${id}: drawn in this draft, ${zone.ring.length} corners` }),
    element("label", {}, "name ", name), element("label", {}, "side ", side), scroll,
    button("Add a corner", () => {
      zone.ring.push([undefined, undefined]);
      does.list();
      document.querySelector(`#zones details[data-zone="${CSS.escape(id)}"] tbody tr:last-child input`).focus();
    }),
    button(`Delete ${id}`, does.remove));
  made.dataset.zone = id;
  return made;
}

/** Show what the lint finds in a draft, where that of the agreement in force stood. */
export function showFindings(findings) {
  document.getElementById("findings").replaceChildren(element("p", { className: "note", textContent: "Of the draft as it is now:" }),
    ...findings.map((f) => element("article", { className: "issue" }, element("h3", { textContent: `${f.severity}: ${f.rule}` }),
      element("p", { textContent: f.message }), element("p", { className: "note", textContent: f.where }),
      ...(f.wording ? [element("p", { textContent: `Proposed: ${f.wording}` })] : []))),
    ...(findings.length ? [] : [element("p", { textContent: "The lint finds nothing." })]));
}
