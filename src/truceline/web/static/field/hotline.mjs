// A person's report: with consent, blurred on the phone before it is kept, and no draft left behind.
import { Unfinished, add, askPlace, countOf, now, numberOf, timeOf, wordOf } from "./entries.mjs";
import { enqueue, start } from "./queue.mjs";

// How exactly the place is kept: decimals of a degree, and one sigma in metres.
const EXACTNESS = { district: { decimals: 1, sigma_m: 5000 }, village: { decimals: 2, sigma_m: 1000 },
  exact: { decimals: 5, sigma_m: 100, exact_allowed: true } };
const CONTACT = /\S@\S|(?:\d[\s().\-/]*){7}/;

const form = document.getElementById("report");
const entries = document.getElementById("entries");
const said = document.getElementById("said");

function placeOf() {
  const { decimals, ...error } = EXACTNESS[wordOf(form, "exactness")];
  const rounded = (name, most) => Number(numberOf(form, name, true, -most, most).toFixed(decimals));
  return { lat: rounded("lat", 90), lon: rounded("lon", 180), ...error };
}

function noteOf(e) {
  const note = wordOf(e, "note");
  if (!note || !CONTACT.test(note)) return note;
  e.querySelector("[name=note]").focus();
  throw new Unfinished("The note holds what looks like a phone number or a mail address: take it out.");
}

function reportOf() {
  if (!form.elements.consent.checked) {
    form.elements.consent.focus();
    throw new Unfinished("Without consent nothing is kept or sent.");
  }
  const words = document.getElementById("words").textContent.replace(/\s+/g, " ").trim();
  const place = placeOf();
  const observations = [...entries.querySelectorAll(".entry")].map((e) => ({ time: timeOf(e, "time"), place,
    means: wordOf(e, "means"), type: wordOf(e, "type"), number: countOf(e, "number"),
    weapon: wordOf(e, "weapon"), party: wordOf(e, "party"), note: noteOf(e) }));
  if (!observations.length) throw new Unfinished("Add what was noticed.");
  return { form: "truceline-hotline-report/1", call: crypto.randomUUID(), consent: { given: true, words },
    sent: now(), handling: wordOf(form, "handling"), observations };
}

function wipe() {
  form.reset();
  entries.replaceChildren();
  add("entry", entries);
  said.textContent = "";
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
    wipe();
  } catch (error) {
    said.textContent = error instanceof Unfinished ? error.message
      : `The report could not be kept on this phone: ${error.message}`;
  } finally {
    busy = false;
  }
});
document.getElementById("add-entry").addEventListener("click", () => add("entry", entries).querySelector("input").focus());
document.getElementById("wipe").addEventListener("click", wipe);
document.getElementById("here").addEventListener("click", () => askPlace(form, said));
wipe();
await start();
