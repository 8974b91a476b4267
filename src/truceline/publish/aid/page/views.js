// Each picture: what it draws, the table beside it, and one sentence that says it.

const byValue = (a, b) => (b.value ?? -1) - (a.value ?? -1) || a.name.localeCompare(b.name);

function subject(state) {
  const kind = state.kind === 'all' ? 'Aid' : `${state.kind[0].toUpperCase()}${state.kind.slice(1)} aid`;
  return `${kind}, ${state.measure}s${state.eu ? ", with members' EU share" : ''}`;
}

function partsTable(cells, first) {
  const kinds = KIND_ORDER.filter((k) => cells.some((c) => Math.abs(c.parts[k] || 0) > 1e-12));
  return {
    head: [first, 'total', ...kinds.map((k) => KIND_WORDS[k])],
    body: cells.map((c) => [c.name, c.value, ...kinds.map((k) => (c.value === null ? null : c.parts[k] || 0))]),
  };
}

// Amounts in two currencies cannot be ranked: such rows keep the order of their euros.
const OWN_MONEY = 'Each donor in its own currency: amounts of two donors cannot be compared.';

function inOwnMoney(release, state, cells) {
  if (state.unit !== 'national') return cells.sort(byValue);
  const euros = evaluate(release, { ...state, unit: 'eur' });
  const size = (c) => euros[c.code].value ?? -1;
  return cells.map((c) => ({ ...c, name: `${c.name} (${DATA.donors[c.code].currency})` }))
    .sort((a, b) => size(b) - size(a) || a.name.localeCompare(b.name));
}

function leader(cells, q, unit) {
  const known = cells.filter((c) => c.value !== null);
  if (!known.length) return 'Nothing is known under this reading.';
  const missing = cells.length - known.length;
  if (unit === 'national') return `${OWN_MONEY}${missing ? ` Not known for ${missing}.` : ''}`;
  const places = known.slice(0, 3).map((c) => `${c.name} ${say(c.value, q)}`).join(', ');
  return `Largest: ${places}.${missing ? ` Not known for ${missing}.` : ''}`;
}

function viewRanked(release, state, width, playing) {
  const q = quantityOf(state.unit);
  const cells = inOwnMoney(release, state, Object.values(evaluate(release, state)));
  const shown = cells.filter((c) => c.value !== null).slice(0, 20);
  const end = state.month && state.month < lastMonth(release);
  let top;
  if (end || playing) {
    top = Math.max(...Object.values(evaluate(release, { ...state, month: null })).map((c) => c.value || 0));
  }
  const stamp = end || playing ? state.month || lastMonth(release) : '';
  return {
    svg: rankedBars(shown, q, width, `${subject(state)}, largest donors`, { top, stamp }),
    table: partsTable(cells, 'donor'),
    said: leader(cells, q, state.unit),
  };
}

function viewGroups(release, state, width) {
  const q = quantityOf(state.unit);
  const cells = groupTotals(release, state).sort(byValue);
  return {
    svg: rankedBars(cells, q, width, `${subject(state)}, by group of donors`, { labelRoom: width < 480 ? 150 : 260 }),
    table: partsTable(cells, 'group'),
    said: cells.length ? `${leader(cells, q)} A state may be in more than one group.`
      : 'Groups have no national currency.',
  };
}

function viewTime(release, state, width) {
  const q = quantityOf(state.unit);
  const months = release.months.filter((m) => m <= (state.month || lastMonth(release)));
  const courses = state.donors.filter((c) => DATA.donors[c]).map((code) => {
    const data = byMonth(release, state, code);
    let sum = 0;
    const values = data.months.map((m) => {
      sum += Object.values(m.parts).reduce((a, v) => a + v, 0);
      return sum;
    });
    return { name: DATA.donors[code].name, values: data.known ? values : [], undated: data.undated };
  });
  const told = courses.map((c) => `${c.name} ${say((c.values.at(-1) || 0) + c.undated, q)}`).join(', ');
  return {
    svg: runningLines(courses, months, q, width, `${subject(state)}, added up over time`),
    table: {
      head: ['month', ...courses.map((c) => c.name)],
      body: [...months.map((m, i) => [m, ...courses.map((c) => c.values[i] ?? null)]),
        ['without a date', ...courses.map((c) => c.undated)]],
    },
    said: hasDates(release) ? `At the end: ${told}.${state.unit === 'national' ? ` ${OWN_MONEY}` : ''}` : 'This release holds sums only: it has no months.',
  };
}

function viewMonths(release, state, width) {
  const q = quantityOf(state.unit);
  const code = state.donors[0];
  const data = byMonth(release, state, code);
  const name = DATA.donors[code].name;
  const kinds = KIND_ORDER.filter((k) => k !== 'undated' && data.months.some((m) => m.parts[k]));
  const sum = data.months.reduce((a, m) => a + Object.values(m.parts).reduce((b, v) => b + v, 0), 0);
  return {
    svg: monthColumns(data, q, width, `${subject(state)} by month: ${name}`),
    table: {
      head: ['month', ...kinds.map((k) => KIND_WORDS[k]), 'without a date'],
      body: [...data.months.map((m) => [m.month, ...kinds.map((k) => m.parts[k] || 0), 0]),
        ['without a date', ...kinds.map(() => 0), data.undated]],
    },
    said: `${name}: ${say(sum, q)} with a month, ${say(data.undated, q)} without a date.`,
  };
}

function viewGap(release, state, width) {
  const q = quantityOf(state.unit);
  const committed = evaluate(release, { ...state, measure: 'commitment' });
  const allocated = evaluate(release, { ...state, measure: 'allocation' });
  const rows = inOwnMoney(release, { ...state, measure: 'commitment' }, Object.values(committed)).map((c) => {
    const given = allocated[c.code].value;
    const gap = c.value === null || given === null ? null : c.value - given;
    return { name: c.name, committed: c.value, allocated: given, gap };
  });
  const shown = rows.filter((r) => r.committed !== null).slice(0, 20);
  const negative = rows.filter((r) => r.gap !== null && r.gap < 0);
  return {
    svg: promises(shown, q, width, 'Committed and allocated, with what is left to allocate'),
    table: { head: ['donor', 'committed', 'allocated', 'gap'], body: rows.map((r) => [r.name, r.committed, r.allocated, r.gap]) },
    said: shown.length ? (state.unit === 'national' ? `${OWN_MONEY} `
      : `${shown[0].name} has the largest commitment, ${say(shown[0].committed, q)}. `) +
      `More is allocated than committed by ${negative.length ? negative.map((r) => r.name).join(', ') : 'no donor'}.`
      : 'Nothing is known under this reading.',
    reading: { measure: 'commitment' },
  };
}

function viewTiles(release, state, width) {
  const q = quantityOf(state.unit);
  const cells = Object.values(evaluate(release, state)).sort(byValue);
  return {
    svg: tileMap(cells, q, width, `${subject(state)}, map of donors`),
    table: partsTable(cells, 'donor'),
    said: leader(cells, q, state.unit),
  };
}

const PAIR_UNITS = ['usd', 'eur', 'constant', 'gdp_share', 'per_head'];

function viewPair(release, state, width) {
  const [first, second] = state.donors;
  const names = [DATA.donors[first].name, DATA.donors[second].name];
  const rows = [];
  for (const unit of PAIR_UNITS) {
    for (const eu of [false, true]) {
      const cells = evaluate(release, { ...state, unit, eu });
      const q = quantityOf(unit);
      const [a, b] = [cells[first]?.value ?? null, cells[second]?.value ?? null];
      const times = a !== null && b !== null && a > 0 && b > 0 ? a / b : null;
      rows.push({ name: q.axis.split(',')[0] + (eu ? ', with EU share' : ''), first: a, second: b, times, q });
    }
  }
  const known = rows.filter((r) => r.times !== null);
  const more = known.filter((r) => r.times > 1).length;
  return {
    svg: duels(rows, names, width, `${names[0]} against ${names[1]}`),
    table: { head: ['reading', ...names, 'times'], body: rows.map((r) => [r.name, r.first, r.second, r.times]) },
    said: `${names[0]} gives more than ${names[1]} in ${more} of ${known.length} readings.`,
    units: PAIR_UNITS,
  };
}

function viewChange(release, state, width) {
  const q = quantityOf(state.unit);
  const at = DATA.releases.indexOf(release);
  const before = DATA.releases[at - 1];
  if (!before) {
    return { svg: '', table: { head: ['donor'], body: [] }, said: 'There is no earlier release to compare with.' };
  }
  const whole = { ...state, month: null };
  const old = evaluate(before, whole);
  const now = evaluate(release, whole);
  const same = evaluate(release, { ...state, month: lastMonth(before) });
  const rows = Object.values(now).filter((c) => old[c.code]).map((c) => {
    const was = old[c.code].value;
    const then = same[c.code].value;
    const known = c.value !== null && was !== null;
    const split = known && then !== null;
    return {
      name: c.name, before: was, after: c.value, change: known ? c.value - was : null,
      revision: split ? then - was : null, fresh: split ? c.value - then : null,
    };
  }).sort((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0));
  const shown = rows.filter((r) => r.change !== null).slice(0, 20);
  const down = shown.filter((r) => r.change < 0).map((r) => `${r.name} ${say(r.change, q, true)}`);
  return {
    svg: changeBars(shown, q, width, `Change from release ${before.name} to release ${release.name}`),
    table: {
      head: ['donor', 'before', 'after', 'change', 'revised', 'new'],
      body: rows.map((r) => [r.name, r.before, r.after, r.change, r.revision, r.fresh]),
    },
    said: `From release ${before.name} (to ${before.cut_off}) to release ${release.name}. ` +
      `Lower than before: ${down.slice(0, 4).join(', ') || 'no donor'}.`,
  };
}

// `uses`: which controls the picture answers to.
const VIEWS = {
  ranked: { name: 'Ranking', draw: viewRanked, uses: ['kind', 'measure', 'month', 'play'] },
  time: { name: 'Added up', draw: viewTime, uses: ['kind', 'measure', 'month', 'donors4'] },
  months: { name: 'By month', draw: viewMonths, uses: ['kind', 'measure', 'month', 'donors1'] },
  gap: { name: 'Promised and given', draw: viewGap, uses: ['kind', 'month'] },
  map: { name: 'Map', draw: viewTiles, uses: ['kind', 'measure', 'month', 'play'] },
  groups: { name: 'Groups', draw: viewGroups, uses: ['kind', 'measure', 'month', 'play'] },
  pair: { name: 'One against one', draw: viewPair, uses: ['kind', 'measure', 'month', 'donors2'] },
  change: { name: 'Since last release', draw: viewChange, uses: ['kind', 'measure'] },
};
