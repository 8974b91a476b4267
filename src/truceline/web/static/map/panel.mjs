// What stands beside the map in words: the table of incidents in view, the one that was chosen,
// the sectors and what is watched. It says all that the map shows.
import { word } from "./columns.mjs";

const MOST_ROWS = 200;
const clocks = new Map();

function when(seconds, zone) {
  // A clock of a zone is dear to make, and hundreds of rows are written with the same two.
  if (!clocks.has(zone)) clocks.set(zone, new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }));
  return clocks.get(zone).format(new Date(seconds * 1000));
}

/** Return a time in UTC and in the case's own zone. */
export function both(seconds, zone) {
  try { return `${when(seconds, "UTC")} UTC · ${when(seconds, zone)} local`; }
  catch { return `${when(seconds, "UTC")} UTC`; }
}

export const shown = (p) => p == null ? "not known" : p > 0.99 ? ">0.99" : p < 0.01 ? "<0.01" : p.toFixed(2);
export const plain = (text) => (text ?? "–").replaceAll("_", " ");

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}

function link(text, address) {
  return Object.assign(element("a", text), { href: address });
}

function line(cells) {
  const row = document.createElement("tr");
  for (const cell of cells) {
    const held = document.createElement("td");
    held.append(cell);
    row.append(held);
  }
  return row;
}

/** Return a way to compare two rows of the marks by a column of the table. */
function comparing(marks, details, key) {
  if (marks[key]) return (a, b) => marks[key][a] - marks[key][b];
  if (marks.codes[key]) {
    const rank = (i) => marks.codes[key][i];
    return (a, b) => rank(a) - rank(b);
  }
  return details ? (a, b) => details[key][a] - details[key][b] : () => 0;
}

/** Fill the table with rows of the marks; `order` is a column and whether the largest comes first. */
export function fillTable(marks, details, rows, order, { zone, names }) {
  // Rows come in the order of time, so that the default needs no sorting.
  let sorted = Array.from(rows);
  if (order.key !== "t_start") sorted.sort(comparing(marks, details, order.key));
  if (order.down) sorted.reverse();
  const at = (i) => details ? link(both(marks.t_start[i], zone), `/incidents/${details.incident_id[i]}`) : both(marks.t_start[i], zone);
  document.querySelector("#rows tbody").replaceChildren(...sorted.slice(0, MOST_ROWS).map((i) => {
    const party = word(marks, "party", i);
    return line([at(i), plain(word(marks, "kind", i)), word(marks, "sector", i) ?? "–", word(marks, "listed", i),
      shown(marks.p_hostile[i]), details ? shown(details.p_violation[i]) : "…",
      party ? names[party] ?? party : "not named"]);
  }));
  const more = rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} of them below` : "";
  document.querySelector("#rows caption").textContent = `${rows.length.toLocaleString("en")} incidents in view${more}`;
}

/** Say all about one incident. */
export function sayChosen(marks, details, i, { zone, names }) {
  const party = word(marks, "party", i), clause = word(marks, "clause", i), sector = word(marks, "sector", i);
  const lines = [`${plain(word(marks, "kind", i))}, ${both(marks.t_start[i], zone)}${sector ? `, sector ${sector}` : ""}`,
    `Hostile ${shown(marks.p_hostile[i])}; violation ${shown(details.p_violation[i])}${clause ? ` of ${clause}` : ""}; ` +
    (party ? `${names[party] ?? party} with ${shown(details.p_party[i])}` : "not attributable") +
    (Number.isNaN(details.err_major_m[i]) ? "" : `; error ${Math.round(details.err_major_m[i])} × ${Math.round(details.err_minor_m[i])} m (one sigma)`)];
  const side = document.getElementById("chosen");
  side.replaceChildren(...lines.map((text) => element("p", text)), link("Open the incident", `/incidents/${details.incident_id[i]}`));
  side.hidden = false;
}

/** List the sectors with the state of the truce in each; what is watched is said by `sayEffort`. */
export function fillSectors(land) {
  const sectors = land.features.map((f) => f.properties).filter((p) => p.layer === "sector");
  document.querySelector("#sectors tbody").replaceChildren(...sectors.map((s) => {
    const row = line([s.name, s.state, "…"]);
    row.dataset.sector = s.name;
    return row;
  }));
}

/** Say of each sector whether it is watched at the time that is shown. */
export function sayEffort(effort) {
  const of = (layer) => effort.features.filter((f) => f.properties.layer === layer).map((f) => f.properties);
  const blind = new Map(of("blind").map((b) => [b.name, b.p])), rows = document.querySelectorAll("#sectors tbody tr");
  for (const row of rows) {
    const name = row.dataset.sector;
    row.cells[2].textContent = blind.has(name)
      ? `too little: would have been seen with ${shown(blind.get(name))}` : "no gap is known of";
  }
  document.getElementById("effort-said").textContent =
    `At this time ${of("watched").length.toLocaleString("en")} cells are watched; ` +
    (blind.size ? `in ${blind.size} of ${rows.length} sectors silence is not quiet.` : "no sector is listed as too little watched.");
}
