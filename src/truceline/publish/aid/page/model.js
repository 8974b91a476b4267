// How much a donor gave under one reading: the same rules as the program that made this page.
// A row is [donor, month, kind, measure, precision, booked, euros].

const DATA = JSON.parse(document.getElementById('data').textContent);
const BODY = 'EUU';
const DEFAULT_YEAR = 2021;

const releaseOf = (name) => DATA.releases.find((r) => r.name === name) || DATA.releases.at(-1);
const lastMonth = (release) => release.cut_off.slice(0, 7);
const hasDates = (release) => release.rows.some((r) => r[4] !== 'period');
const hasUndated = (release) => release.rows.some((r) => r[4] === 'undated');

// With EU share, each sum of the institutions is divided among members by the stated shares,
// and the institutions' own sums are left out: nothing counts twice.
function rowsOf(release, euShare) {
  if (!euShare) return release.rows;
  if (release.shared) return release.shared;
  const kept = release.rows.filter((r) => r[0] !== BODY);
  const body = release.rows.filter((r) => r[0] === BODY);
  const whole = {};
  for (const r of body) whole[r[3]] = (whole[r[3]] || 0) + r[6];
  const donors = new Set(release.rows.map((r) => r[0]));
  for (const r of body) {
    const shares = release.shares[r[3]];
    if (shares) {
      for (const [code, amount] of Object.entries(shares)) {
        if (donors.has(code)) kept.push([code, ...r.slice(1, 6), (r[6] * amount) / whole[r[3]]]);
      }
    } else if (r[6] !== 0) {
      for (const code of membersOn('eu_members', release.cut_off)) {
        if (donors.has(code)) kept.push([code, release.months[0], r[2], r[3], 'month', null, null]);
      }
    }
  }
  release.shared = kept;
  return kept;
}

function membersOn(key, day) {
  const group = DATA.groups.find((g) => g.key === key);
  return group.members.filter(([, since]) => since === null || since <= day).map(([code]) => code);
}

function mean(values) {
  return values.some((v) => v === undefined || v === null)
    ? null
    : values.reduce((a, b) => a + b, 0) / values.length;
}

function priceFactor(month) {
  const levels = DATA.prices.annual;
  const years = Object.keys(levels);
  const year = month.slice(0, 4);
  const level = levels[year] ?? (year > years.at(-1) ? levels[years.at(-1)] : null);
  return level ? levels[DATA.prices.base] / level : null;
}

// What one euro of a row is in the reading's unit before dividing by product or heads.
function factorOf(release, reading) {
  const known = {};
  const rate = (currency, month) => (currency === 'EUR' ? 1 : DATA.rates[currency]?.[month]);
  const average = (key, of) => (known[key] ??= { value: mean(release.months.map(of)) }).value;
  return (row) => {
    const currency = reading.unit === 'usd' ? 'USD' : DATA.donors[row[0]].currency;
    if (reading.unit === 'usd' && reading.rate === 'release') return release.usd_per_eur;
    if (reading.unit === 'usd' || reading.unit === 'national') {
      if (reading.rate === 'release') return average(currency, (m) => rate(currency, m));
      if (row[4] === 'period') return null;
      if (row[4] === 'undated') return average(currency, (m) => rate(currency, m));
      return rate(currency, row[1]) ?? null;
    }
    if (reading.unit === 'constant') {
      if (row[4] === 'period') return null;
      return row[4] === 'undated' ? average('constant', priceFactor) : priceFactor(row[1]);
    }
    return 1;
  };
}

function denominatorOf(release, reading) {
  if (reading.unit === 'per_head') {
    const heads = DATA.heads[reading.gdp === 'release' ? DEFAULT_YEAR : reading.gdp] || {};
    return (code) => heads[code] ?? null;
  }
  if (reading.unit !== 'gdp_share') return () => 1;
  const gdp = reading.gdp === 'release' ? release.gdp : DATA.gdp[reading.gdp] || {};
  return (code) => (gdp[code] === undefined ? null : gdp[code] / 100);
}

function counts(row, month, undated) {
  if (row[4] === 'month') return row[1] <= month;
  if (row[4] === 'undated') return undated && (row[5] === null || row[5] <= month);
  return true;
}

// Returns, by donor: {value, parts} where parts are kinds, `unsplit` and `undated`.
function evaluate(release, reading) {
  const end = lastMonth(release);
  const month = reading.month && reading.month < end ? reading.month : end;
  const early = month < end;
  const factor = factorOf(release, reading);
  const out = {};
  const splits = {};
  let covered = false;
  for (const row of release.rows) {
    out[row[0]] ??= { value: 0, parts: {}, seen: false };
    if (row[3] === reading.measure) {
      covered = true;
      if (row[2]) splits.any = true;
    }
  }
  for (const row of rowsOf(release, reading.eu)) {
    if (row[3] !== reading.measure || !counts(row, month, reading.undated)) continue;
    if (reading.kind !== 'all' && row[2] !== reading.kind) continue;
    const cell = out[row[0]];
    cell.seen = true;
    const f = row[6] === null || (early && row[4] === 'period') ? null : factor(row);
    if (f === null || f === undefined || cell.value === null) {
      cell.value = null;
      continue;
    }
    cell.value += row[6] * f;
    const part = row[4] === 'undated' ? 'undated' : row[2] || 'unsplit';
    cell.parts[part] = (cell.parts[part] || 0) + row[6] * f;
  }
  const fill = covered && reading.measure !== 'disbursement' && (reading.kind === 'all' || splits.any);
  for (const [code, cell] of Object.entries(out)) {
    if ((!cell.seen && !fill) || (reading.eu && code === BODY)) cell.value = null;
  }
  return divided(out, release, reading);
}

function divided(table, release, reading) {
  const denominator = denominatorOf(release, reading);
  const done = {};
  for (const [code, cell] of Object.entries(table)) {
    const d = denominator(code);
    const known = cell.value !== null && d !== null && d > 0;
    const parts = {};
    if (known) for (const [k, v] of Object.entries(cell.parts)) parts[k] = v / d;
    done[code] = { code, name: DATA.donors[code].name, value: known ? cell.value / d : null, parts };
  }
  return done;
}

function groupTotals(release, reading) {
  if (reading.unit === 'national') return [];
  const shared = reading.unit === 'gdp_share' || reading.unit === 'per_head';
  const plain = evaluate(release, shared ? { ...reading, unit: 'eur' } : reading);
  const denominator = denominatorOf(release, reading);
  const day = reading.month && reading.month < lastMonth(release) ? `${reading.month}-31` : release.cut_off;
  return DATA.groups.map((group) => {
    const members = membersOn(group.key, day);
    const counted = reading.eu ? members : [...members, ...group.institutions];
    const cells = counted.filter((c) => plain[c]).map((c) => plain[c]);
    const whole = shared ? members.reduce((sum, c) => sum + (denominator(c) || 0), 0) : 1;
    const known = cells.length > 0 && cells.every((c) => c.value !== null) && whole > 0;
    const parts = {};
    for (const cell of cells) {
      for (const [k, v] of Object.entries(cell.parts)) parts[k] = (parts[k] || 0) + v / whole;
    }
    const value = known ? cells.reduce((sum, c) => sum + c.value, 0) / whole : null;
    return { code: group.key, name: group.name, value, parts };
  });
}

// By month: {month: {kind: value}} and what has no date.
function byMonth(release, reading, code) {
  const factor = factorOf(release, reading);
  const d = denominatorOf(release, reading)(code);
  const months = release.months.map((month) => ({ month, parts: {} }));
  const place = Object.fromEntries(months.map((m) => [m.month, m.parts]));
  let undated = 0;
  if (d === null) return { months, undated, known: false };
  const end = reading.month || lastMonth(release);
  for (const row of rowsOf(release, reading.eu)) {
    if (row[0] !== code || row[3] !== reading.measure || row[4] === 'period') continue;
    if (reading.kind !== 'all' && row[2] !== reading.kind) continue;
    const f = factor(row);
    if (f === null || row[6] === null || !counts(row, end, reading.undated)) continue;
    const value = (row[6] * f) / d;
    if (row[4] === 'undated') undated += value;
    else place[row[1]][row[2] || 'unsplit'] = (place[row[1]][row[2] || 'unsplit'] || 0) + value;
  }
  return { months: months.filter((m) => m.month <= end), undated, known: true };
}
