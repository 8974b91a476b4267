// The state of the page: in its address, so that a link keeps the view, and in its controls.

const CHOICES = {
  unit: { name: 'Unit', from: () => Object.entries(DATA.units) },
  measure: {
    name: 'Measure',
    from: () => [['allocation', 'allocated'], ['commitment', 'committed'], ['disbursement', 'paid out']],
  },
  kind: { name: 'Kind', from: () => [['all', 'all kinds'], ...DATA.kinds.map((k) => [k, k])] },
  rate: { name: 'Exchange rate', from: () => [['release', "the release's"], ['month', "each month's"]] },
  gdp: {
    name: 'Year of GDP or heads',
    from: () => [['release', '2021 (release)'],
      ...Object.keys(DATA.gdp).filter((y) => Object.keys(DATA.gdp[y]).length).map((y) => [y, `${y} (World Bank)`])],
  },
  release: { name: 'Release', from: () => DATA.releases.map((r) => [r.name, `${r.name} (to ${r.cut_off.slice(0, 7)})`]).reverse() },
};

function byMoney() {
  const cells = evaluate(DATA.releases.at(-1), { ...DEFAULTS(), donors: [] });
  return Object.values(cells).filter((c) => !DATA.donors[c.code].institution).sort(byValue).map((c) => c.code);
}

const DEFAULTS = () => ({
  view: 'ranked', release: DATA.releases.at(-1).name, unit: 'eur', measure: 'allocation', kind: 'all',
  eu: false, undated: true, rate: 'release', gdp: 'release', month: null, donors: [], embed: false, theme: '',
});

function readHash() {
  const state = DEFAULTS();
  const given = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
  for (const [key, choice] of Object.entries(CHOICES)) {
    const value = given.get(key);
    if (choice.from().some(([name]) => name === value)) state[key] = value;
  }
  if (VIEWS[given.get('view')]) state.view = given.get('view');
  state.eu = given.get('eu') === '1';
  state.undated = given.get('undated') !== '0';
  state.embed = given.get('embed') === '1' || Boolean(document.body.dataset.whole);
  if (['dark', 'light'].includes(given.get('theme'))) state.theme = given.get('theme');
  if (releaseOf(state.release).months.includes(given.get('month'))) state.month = given.get('month');
  const asked = (given.get('donors') || '').split(',').filter((c) => DATA.donors[c]);
  state.donors = [...new Set([...asked, ...byMoney()])].slice(0, 4);
  return state;
}

function hashOf(state) {
  const base = DEFAULTS();
  const out = new URLSearchParams();
  for (const key of ['view', ...Object.keys(CHOICES)]) out.set(key, state[key]);
  if (state.eu) out.set('eu', '1');
  if (!state.undated) out.set('undated', '0');
  if (state.month && state.month !== base.month) out.set('month', state.month);
  out.set('donors', state.donors.join(','));
  if (state.theme) out.set('theme', state.theme);
  if (state.embed) out.set('embed', '1');
  return `#${out}`;
}

function optionList(pairs, chosen) {
  return pairs.map(([value, words]) =>
    `<option value="${esc(value)}"${value === chosen ? ' selected' : ''}>${esc(words)}</option>`).join('');
}

function buildControls(state) {
  const names = Object.entries(DATA.donors).map(([code, d]) => [code, d.name]).sort((a, b) => a[1].localeCompare(b[1]));
  const selects = Object.entries(CHOICES).map(([key, choice]) =>
    `<label data-for="${key}">${choice.name}<select id="${key}">${optionList(choice.from(), state[key])}</select></label>`);
  const donors = state.donors.map((code, i) =>
    `<label data-for="donor${i}">Donor ${i + 1}<select id="donor${i}">${optionList(names, code)}</select></label>`);
  const ticksOf = [['eu', "Members' share in EU aid"], ['undated', 'Aid without a date']].map(([key, words]) =>
    `<label class="tick" data-for="${key}"><input type="checkbox" id="${key}"${state[key] ? ' checked' : ''}>${words}</label>`);
  document.getElementById('controls').innerHTML = [...selects, ...donors, ...ticksOf].join('');
  document.getElementById('views').innerHTML = Object.entries(VIEWS).map(([key, view]) =>
    `<button type="button" role="tab" id="view-${key}" data-view="${key}" aria-controls="picture">${view.name}</button>`).join('');
}

function showControls(state) {
  const uses = VIEWS[state.view].uses;
  const donors = Number((uses.find((u) => u.startsWith('donors')) || 'donors0').slice(6));
  const release = releaseOf(state.release);
  const needed = {
    kind: uses.includes('kind'),
    measure: uses.includes('measure'),
    unit: state.view !== 'pair',
    rate: ['usd', 'national'].includes(state.unit) || state.view === 'pair',
    gdp: ['gdp_share', 'per_head'].includes(state.unit) || state.view === 'pair',
    eu: state.view !== 'pair',
    undated: hasUndated(release),
    release: true,
  };
  for (let i = 0; i < 4; i += 1) needed[`donor${i}`] = i < donors;
  for (const field of document.querySelectorAll('#controls [data-for]')) {
    field.hidden = !needed[field.dataset.for];
  }
  for (const tab of document.querySelectorAll('#views [role=tab]')) {
    const on = tab.dataset.view === state.view;
    tab.setAttribute('aria-selected', on);
    tab.tabIndex = on ? 0 : -1;
  }
  const bar = document.getElementById('timebar');
  bar.hidden = !uses.includes('month') || !hasDates(release);
  document.getElementById('play').hidden = !uses.includes('play');
  const slider = document.getElementById('month');
  slider.max = release.months.length - 1;
  const month = state.month || lastMonth(release);
  slider.value = Math.max(0, release.months.indexOf(month));
  slider.setAttribute('aria-valuetext', month);
  document.getElementById('month-said').textContent = month;
}
