// Reports that wait on the phone: each is sent with its own key until the server has it, once.

// ---- what is kept on the phone -------------------------------------------------------
const opened = new Promise((done, failed) => {
  const asked = indexedDB.open("field", 2);
  asked.onupgradeneeded = () => {
    const there = asked.result.objectStoreNames;
    if (!there.contains("reports")) asked.result.createObjectStore("reports", { keyPath: "key" });
    if (!there.contains("drafts")) asked.result.createObjectStore("drafts", { keyPath: "page" });
  };
  // Another page of a newer version waits for this one to let go.
  asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); done(asked.result); };
  asked.onerror = () => failed(asked.error);
});

async function store(name, mode, act) {
  const database = await opened;
  return new Promise((done, failed) => {
    const change = database.transaction(name, mode);
    const asked = act(change.objectStore(name));
    change.oncomplete = () => done(asked.result);
    change.onerror = change.onabort = () => failed(change.error);
  });
}

const keep = (report) => store("reports", "readwrite", (s) => s.put(report));
const reports = () => store("reports", "readonly", (s) => s.getAll());

export const keepDraft = (page, values) => store("drafts", "readwrite", (s) => s.put({ page, values }));
export const draftOf = async (page) => (await store("drafts", "readonly", (s) => s.get(page)))?.values;
export const dropDraft = (page) => store("drafts", "readwrite", (s) => s.delete(page));

// Put a report in the queue; it is on the phone when this comes back.
export async function enqueue(report) {
  await keep({ key: crypto.randomUUID(), made: new Date().toISOString(), state: "waiting",
    body: JSON.stringify(report) });
  await show();
  send();
}

// ---- the list of reports -------------------------------------------------------------
const STATES = { waiting: "waits for a connection", sent: "sent and kept", refused: "refused",
  outside: "waits: come in again" };
const shown = (at) => new Date(at).toLocaleString("sv-SE");

function lineOf(report) {
  const line = document.createElement("li");
  line.dataset.state = report.state;
  const when = report.sent ? ` ${shown(report.sent)}` : "";
  line.textContent = `${shown(report.made)} · ${report.key.slice(0, 8)} · ${STATES[report.state]}${when}${report.why ? `: ${report.why}` : ""} `;
  if (report.state === "outside")
    line.append(Object.assign(document.createElement("a"), { href: "/login", textContent: "Come in" }));
  if (report.state === "refused") line.append(wiping(report));
  return line;
}

function wiping(report) {
  const wipe = Object.assign(document.createElement("button"), { type: "button", textContent: "Throw away" });
  wipe.addEventListener("click", async () => {
    await store("reports", "readwrite", (s) => s.delete(report.key));
    await show();
  });
  return wipe;
}

async function show() {
  const found = (await reports()).sort((a, b) => b.made.localeCompare(a.made));
  document.getElementById("queue").replaceChildren(...found.map(lineOf));
}

// ---- sending -------------------------------------------------------------------------
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
    // The words leave the phone: who takes it from the monitor finds a time and a number.
    await keep({ key: report.key, made: report.made, state: "sent", sent: new Date().toISOString() });
    return true;
  }
  if (answer.status === 401) { await keep({ ...report, state: "outside" }); return false; }
  if (answer.status >= 500 || answer.status === 429) return false;
  const why = (await answer.json().catch(() => ({}))).message ?? `refused with ${answer.status}`;
  await keep({ ...report, state: "refused", why });
  return true;
}

function connected(is) {
  const net = document.getElementById("net");
  net.className = is ? "on" : "off";
  net.textContent = is ? "Connected." : "No connection: reports wait on this phone.";
}

// Show what waits, and send it whenever there is a connection.
export async function start() {
  addEventListener("online", () => { connected(true); send(); });
  addEventListener("offline", () => connected(false));
  setInterval(send, 20000);
  connected(navigator.onLine);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/field-worker.js", { scope: "/field" });
  await show();
  send();
  document.body.dataset.ready = "yes";
}
