// Draw what the state asks for, and let keys, clicks and the address change the state.

let state = readHash();
let current = null;
let timer = null;
const element = (id) => document.getElementById(id);

function cellText(value, column) {
  if (value === null || value === undefined) return 'not known';
  if (typeof value !== 'number') return esc(value);
  if (column === 'times') return value.toFixed(3);
  const q = quantityOf(state.unit);
  if (state.view === 'pair') return formatOf(0, 3).format(value);
  return say(value, { ...q, digits: q.digits + 1 });
}

function tableHtml(table, title) {
  const head = table.head.map((h) => `<th scope="col">${esc(h)}</th>`).join('');
  const body = table.body.map((r) => `<tr><th scope="row">${esc(r[0])}</th>${
    r.slice(1).map((v, i) => `<td>${cellText(v, table.head[i + 1])}</td>`).join('')}</tr>`).join('');
  return `<table><caption>${esc(title)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function draw() {
  const start = performance.now();
  const release = releaseOf(state.release);
  const width = Math.max(260, Math.min(element('drawing').clientWidth || 760, 960));
  current = VIEWS[state.view].draw(release, state, width, timer !== null);
  current.cited = citation(release, { ...state, ...current.reading }, current.units);
  const focused = focusedPlace();
  element('drawing').innerHTML = current.svg;
  restoreFocus(focused);
  element('citation').textContent = current.cited;
  element('table').innerHTML = tableHtml(current.table, VIEWS[state.view].name);
  if (timer === null) element('summary').textContent = current.said;
  element('notes').innerHTML = notes(release).map((n) => `<li>${esc(n)}</li>`).join('');
  showControls(state);
  if (timer === null) history.replaceState(null, '', hashOf(state));
  document.body.classList.toggle('embedded', state.embed);
  showWhole();
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  element('theme').textContent = isDark() ? 'Light' : 'Dark';
  element('theme').setAttribute('aria-pressed', String(isDark()));
  document.documentElement.dataset.drawn = (performance.now() - start).toFixed(1);
}

function showWhole() {
  const { whole } = document.body.dataset;
  element('whole').hidden = !whole;
  if (whole) element('whole').firstElementChild.href = whole + hashOf({ ...state, embed: false });
}

function isDark() {
  return state.theme ? state.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function notes(release) {
  return [
    ...release.notes,
    `Release ${release.name} ends on ${release.cut_off} (${release.cut_off_source}).`,
    'Printed shares of GDP of two releases cannot be compared: the denominators differ. Here all are computed anew.',
    'Military aid given in kind is often booked at the price of new equipment: an upper bound.',
  ];
}

function focusedPlace() {
  const rows = [...document.querySelectorAll('#drawing g[tabindex]')];
  return rows.indexOf(document.activeElement);
}

function restoreFocus(place) {
  if (place >= 0) document.querySelectorAll('#drawing g[tabindex]')[place]?.focus();
}

function set(changes) {
  state = { ...state, ...changes };
  const release = releaseOf(state.release);
  if (state.month && !release.months.includes(state.month)) state.month = null;
  draw();
}

function stop() {
  clearInterval(timer);
  timer = null;
  element('play').textContent = 'Play';
  element('play').setAttribute('aria-pressed', 'false');
  draw();
}

function play() {
  if (timer !== null) return stop();
  const months = releaseOf(state.release).months;
  let at = state.month && state.month !== months.at(-1) ? months.indexOf(state.month) : 0;
  element('play').textContent = 'Pause';
  element('play').setAttribute('aria-pressed', 'true');
  timer = setInterval(() => {
    state.month = months[at];
    if (at >= months.length - 1) return stop();
    at += 1;
    return draw();
  }, 350);
  return undefined;
}

function onKey(event) {
  const row = event.target.closest('#drawing g[tabindex]');
  const tab = event.target.closest('[role=tab]');
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step || (!row && !tab)) return;
  event.preventDefault();
  const all = [...document.querySelectorAll(row ? '#drawing g[tabindex]' : '[role=tab]')];
  const next = all[(all.indexOf(row || tab) + step + all.length) % all.length];
  next.focus();
  if (tab) set({ view: next.dataset.view });
}

function embedCode() {
  const { embed } = document.body.dataset;
  const address = embed
    ? new URL(`${embed}?${hashOf(state).slice(1)}`, location.href).href
    : location.href.split('#')[0] + hashOf({ ...state, embed: true });
  return `<iframe src="${esc(address)}" title="${esc(current.cited)}" width="800" height="620" loading="lazy"></iframe>`;
}

function connect() {
  element('views').addEventListener('click', (e) => e.target.dataset.view && set({ view: e.target.dataset.view }));
  element('controls').addEventListener('change', (e) => {
    const { id } = e.target;
    if (id.startsWith('donor')) {
      set({ donors: state.donors.map((c, i) => (i === Number(id.slice(5)) ? e.target.value : c)) });
    } else {
      set({ [id]: e.target.type === 'checkbox' ? e.target.checked : e.target.value });
    }
  });
  element('controls').addEventListener('submit', (e) => e.preventDefault());
  element('month').addEventListener('input', (e) => {
    if (timer !== null) stop();
    const { months } = releaseOf(state.release);
    const chosen = months[Number(e.target.value)];
    set({ month: chosen === months.at(-1) ? null : chosen });
  });
  element('play').addEventListener('click', play);
  document.addEventListener('keydown', onKey);
  const name = () => `aid-${state.view}-release-${state.release}`;
  element('csv').addEventListener('click', () => save(`${name()}.csv`, [csvText(current, current.cited)], 'text/csv'));
  element('svg').addEventListener('click', () => save(`${name()}.svg`, [plainSvg(current.cited)], 'image/svg+xml'));
  element('png').addEventListener('click', () => savePng(`${name()}.png`, current.cited));
  element('link').addEventListener('click', () => offer(location.href));
  element('embed').addEventListener('click', () => offer(embedCode()));
  element('theme').addEventListener('click', () => set({ theme: isDark() ? 'light' : 'dark' }));
  window.addEventListener('hashchange', () => {
    state = readHash();
    buildControls(state);
    draw();
  });
  window.addEventListener('resize', draw);
}

buildControls(state);
connect();
draw();
// For tests and for those who want the figures: the same rules, no picture.
window.truceline = { evaluate, groupTotals, releaseOf, data: DATA, state: () => state };
