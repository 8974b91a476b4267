// A patrol's report: filled in anywhere, kept on the phone, sent once when there is a connection.
import { Unfinished, add, askPlace, countOf, now, numberOf, timeOf, wordOf } from "./entries.mjs";
import { draftOf, dropDraft, enqueue, keepDraft, start } from "./queue.mjs";

const PAGE = "patrol";
const form = document.getElementById("report");
const entries = document.getElementById("entries");
const said = document.getElementById("said");

function codeOf() {
  const patrol = wordOf(form, "patrol");
  if (patrol && /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$/.test(patrol)) return patrol;
  form.elements.patrol.focus();
  throw new Unfinished("Give the patrol's code: letters, digits, spaces, dots and dashes.");
}

function observationOf(e, observer) {
  const made = { time: timeOf(e, "time"), observer, means: wordOf(e, "means"), type: wordOf(e, "type"),
    description: wordOf(e, "type") === "explosion" ? wordOf(e, "description") : undefined,
    number: countOf(e, "number"), bearing_deg: numberOf(e, "bearing_deg", false, 0, 360),
    distance_m: numberOf(e, "distance_m", false, 0, 200000), weapon: wordOf(e, "weapon"),
    party: wordOf(e, "party"), note: wordOf(e, "note") };
  if (made.distance_m !== undefined && made.bearing_deg === undefined)
    throw new Unfinished("A distance needs a bearing.");
  return made;
}

function denialOf(e, place) {
  const made = { kind: wordOf(e, "kind"), start: timeOf(e, "start"), end: timeOf(e, "end"), ...place,
    by: wordOf(e, "by"), note: wordOf(e, "note") };
  if (new Date(made.end) <= new Date(made.start))
    throw new Unfinished("The end of a denial does not lie after its start.");
  return made;
}

function reportOf() {
  const patrol = codeOf();
  const place = { lat: numberOf(form, "lat", true, -90, 90), lon: numberOf(form, "lon", true, -180, 180) };
  const observations = [...entries.querySelectorAll(".entry")].map((e) => observationOf(e, place));
  const denials = [...entries.querySelectorAll(".denial")].map((e) => denialOf(e, place));
  if (!observations.length && !denials.length)
    throw new Unfinished("Add what was heard or seen, or a denial.");
  return { form: "truceline-patrol-report/1", patrol, monitors: numberOf(form, "monitors", true, 1, 100),
    sent: now(), handling: wordOf(form, "handling"),
    track: [{ time: observations[0]?.time ?? denials[0].start, ...place }], observations, denials };
}

// ---- the draft -----------------------------------------------------------------------
const valuesOf = (scope, outside) => Object.fromEntries([...scope.querySelectorAll("[name]")]
  .filter((input) => !outside || !outside.contains(input)).map((input) => [input.name, input.value]));

function fill(scope, values) {
  for (const [name, value] of Object.entries(values)) {
    const input = scope.querySelector(`[name=${name}]`);
    if (input) input.value = value;
  }
}

const saveDraft = () => keepDraft(PAGE, { head: valuesOf(form, entries),
  entries: [...entries.children].map((e) => ({ kind: e.dataset.kind, values: valuesOf(e) })) });

async function loadDraft() {
  const draft = await draftOf(PAGE);
  if (!draft) return;
  fill(form, draft.head);
  for (const { kind, values } of draft.entries) fill(add(kind, entries), values);
}

function added(kind) {
  add(kind, entries).querySelector("input,select").focus();
  return saveDraft();
}

let busy = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // A second tap must not make a second report.
  if (busy) return;
  busy = true;
  said.textContent = "";
  try {
    await enqueue(reportOf());
    // Drafts are written in the order they are asked for, so this one stays dropped.
    entries.replaceChildren();
    await dropDraft(PAGE);
  } catch (error) {
    said.textContent = error instanceof Unfinished ? error.message
      : `The report could not be kept on this phone: ${error.message}`;
  } finally {
    busy = false;
  }
});
form.addEventListener("input", saveDraft);
document.getElementById("add-entry").addEventListener("click", () => added("entry"));
document.getElementById("add-denial").addEventListener("click", () => added("denial"));
document.getElementById("here").addEventListener("click", () => askPlace(form, said));
await loadDraft();
await start();
