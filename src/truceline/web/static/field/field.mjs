// A patrol's report: filled in anywhere, kept on the phone, sent once when there is a connection.
const form = document.getElementById("report");
const entries = document.getElementById("entries");
const said = document.getElementById("said");
const net = document.getElementById("net");

// ---- what is kept on the phone -------------------------------------------------------
const opened = new Promise((done, failed) => {
  const asked = indexedDB.open("field", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("reports", { keyPath: "key" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

async function store(mode, act) {
  const database = await opened;
  return new Promise((done, failed) => {
    const change = database.transaction("reports", mode);
    const asked = act(change.objectStore("reports"));
    change.oncomplete = () => done(asked.result);
    change.onerror = () => failed(change.error);
  });
}

const keep = (report) => store("readwrite", (s) => s.put(report));
const reports = () => store("readonly", (s) => s.getAll());

// ---- the form ------------------------------------------------------------------------
const two = (n) => String(n).padStart(2, "0");

// A local time as the phone shows it, with the phone's own offset written out.
function withOffset(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return null;
  const offset = -at.getTimezoneOffset(), sign = offset < 0 ? "-" : "+", size = Math.abs(offset);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:` +
    `${two(at.getMinutes())}:${two(at.getSeconds())}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function local(at) {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function add(kind) {
  const made = document.getElementById(kind).content.cloneNode(true).firstElementChild;
  for (const input of made.querySelectorAll("[type=datetime-local]")) input.value = local(new Date());
  made.querySelector(".remove").addEventListener("click", () => made.remove());
  entries.append(made);
  made.querySelector("input,select").focus();
  return made;
}

class Unfinished extends Error {}

function numberOf(scope, name, needed, low, high) {
  const input = scope.querySelector(`[name=${name}]`), text = input.value.trim().replace(",", ".");
  if (!text && !needed) return undefined;
  const value = Number(text);
  if (!text || !Number.isFinite(value) || value < low || value > high) {
    input.focus();
    throw new Unfinished(`${input.closest("label")?.firstChild.textContent.trim() ?? document.querySelector(`label[for=${input.id}]`).textContent}: a number from ${low} to ${high}.`);
  }
  return value;
}

function timeOf(scope, name) {
  const input = scope.querySelector(`[name=${name}]`), made = withOffset(input.value);
  if (!made) { input.focus(); throw new Unfinished("Give the time."); }
  return made;
}

const wordOf = (scope, name) => scope.querySelector(`[name=${name}]`).value.trim() || undefined;

function reportOf() {
  const patrol = wordOf(form, "patrol");
  if (!patrol || !/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$/.test(patrol)) {
    form.elements.patrol.focus();
    throw new Unfinished("Give the patrol's code: letters, digits, spaces, dots and dashes.");
  }
  const lat = numberOf(form, "lat", true, -90, 90), lon = numberOf(form, "lon", true, -180, 180);
  const observations = [...entries.querySelectorAll(".entry")].map((e) => ({
    time: timeOf(e, "time"), observer: { lon, lat }, means: wordOf(e, "means"), type: wordOf(e, "type"),
    description: wordOf(e, "type") === "explosion" ? wordOf(e, "description") : undefined,
    number: numberOf(e, "number", false, 0, 1e6), bearing_deg: numberOf(e, "bearing_deg", false, 0, 360),
    distance_m: numberOf(e, "distance_m", false, 0, 200000), weapon: wordOf(e, "weapon"),
    party: wordOf(e, "party"), note: wordOf(e, "note") }));
  const denials = [...entries.querySelectorAll(".denial")].map((e) => ({
    kind: wordOf(e, "kind"), start: timeOf(e, "start"), end: timeOf(e, "end"), lon, lat,
    by: wordOf(e, "by"), note: wordOf(e, "note") }));
  if (!observations.length && !denials.length) throw new Unfinished("Add what was heard or seen, or a denial.");
  for (const d of denials) if (new Date(d.end) <= new Date(d.start)) throw new Unfinished("The end of a denial does not lie after its start.");
  for (const o of observations) if (o.distance_m != null && o.bearing_deg == null) throw new Unfinished("A distance needs a bearing.");
  return { form: "truceline-patrol-report/1", patrol, monitors: numberOf(form, "monitors", true, 1, 100),
    sent: withOffset(local(new Date())), handling: wordOf(form, "handling"),
    track: [{ time: observations[0]?.time ?? denials[0].start, lon, lat }], observations, denials };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  try {
    const body = JSON.stringify(reportOf());
    await keep({ key: crypto.randomUUID(), made: new Date().toISOString(), state: "waiting", body });
    entries.replaceChildren();
    await show();
    send();
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    said.textContent = error.message;
  }
});
document.getElementById("add-entry").addEventListener("click", () => add("entry"));
document.getElementById("add-denial").addEventListener("click", () => add("denial"));
document.getElementById("here").addEventListener("click", () => navigator.geolocation.getCurrentPosition(
  ({ coords }) => { form.elements.lat.value = coords.latitude.toFixed(5); form.elements.lon.value = coords.longitude.toFixed(5); },
  () => { said.textContent = "The phone does not say where it is: type the place."; }, { enableHighAccuracy: true, timeout: 20000 }));

// ---- the queue -----------------------------------------------------------------------
const STATES = { waiting: "waits for a connection", sent: "sent and kept", refused: "refused",
  outside: "waits: come in again" };

async function show() {
  const found = (await reports()).sort((a, b) => b.made.localeCompare(a.made));
  document.getElementById("queue").replaceChildren(...found.map((report) => {
    const line = document.createElement("li");
    line.dataset.state = report.state;
    line.textContent = `${new Date(report.made).toLocaleString("sv-SE")} · ${report.key.slice(0, 8)} · ${STATES[report.state]}${report.why ? `: ${report.why}` : ""} `;
    if (report.state === "outside") line.append(Object.assign(document.createElement("a"), { href: "/login", textContent: "Come in" }));
    if (report.state === "refused" && report.body) {
      const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Throw away" });
      again.addEventListener("click", async () => { await store("readwrite", (s) => s.delete(report.key)); show(); });
      line.append(again);
    }
    return line;
  }));
}

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const report of (await reports()).filter((r) => r.state === "waiting" || r.state === "outside"))
      if (!await sent(report)) break;
  } finally {
    sending = false;
    await show();
  }
}

// The key stays the same until the server says that the report is kept: sent twice, it is kept once.
async function sent(report) {
  let answer;
  try {
    answer = await fetch("/api/reports", { method: "POST", body: report.body, headers: {
      "Content-Type": "application/json", "X-Truceline": "field", "Idempotency-Key": report.key } });
  } catch {
    connected(false);
    return false;
  }
  connected(true);
  if (answer.ok) {
    await keep({ key: report.key, made: report.made, state: "sent" });
    return true;
  }
  if (answer.status === 401) { await keep({ ...report, state: "outside" }); return false; }
  if (answer.status >= 500 || answer.status === 429) return false;
  const why = (await answer.json().catch(() => ({}))).message ?? `refused with ${answer.status}`;
  await keep({ ...report, state: "refused", why });
  return true;
}

function connected(is) {
  net.className = is ? "on" : "off";
  net.textContent = is ? "Connected." : "No connection: reports wait on this phone.";
}

addEventListener("online", () => { connected(true); send(); });
addEventListener("offline", () => connected(false));
setInterval(send, 20000);
connected(navigator.onLine);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/field-worker.js", { scope: "/field" });
await show();
send();
document.body.dataset.ready = "yes";
