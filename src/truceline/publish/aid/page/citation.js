// One sentence under every picture: release, unit, rate, denominator, source.

// `units` are given where a picture shows several, with and without the EU share.
function citation(release, reading, units) {
  const kind = reading.kind === 'all' ? 'aid' : `${reading.kind} aid`;
  const end = reading.month && reading.month < lastMonth(release) ? `the end of ${reading.month}` : release.cut_off;
  const parts = [`${release.title}: ${kind}, ${reading.measure}s to ${end}`];
  if (units) parts.push("with and without members' shares in EU aid");
  else parts.push(`in ${DATA.units[reading.unit]}`, `members' shares in EU aid ${reading.eu ? 'included' : 'left out'}`);
  if (hasUndated(release)) parts.push(`undated amounts ${reading.undated ? 'included' : 'left out'}`);
  const based = (units || [reading.unit]).flatMap((unit) => unitBasis(release, { ...reading, unit }));
  return `${[...parts, ...based].join('; ')}. Source: ${release.citation}.`;
}

function unitBasis(release, reading) {
  if (reading.unit === 'usd' && reading.rate === 'release') {
    return [release.usd_per_eur ? `1 EUR = ${Number(release.usd_per_eur.toPrecision(10))} USD (${release.rate_source})` : 'no rate is known'];
  }
  if (reading.unit === 'usd' || reading.unit === 'national') {
    return [`mean rate of ${reading.rate === 'month' ? 'each month' : 'the whole period'} (${DATA.rate_source})`];
  }
  if (reading.unit === 'constant') {
    return [`prices of ${DATA.prices.base}: ${DATA.prices.index} (${DATA.prices.source})`];
  }
  if (reading.unit === 'gdp_share') {
    return [reading.gdp === 'release'
      ? `GDP of ${DEFAULT_YEAR}, the release's own (${release.gdp_source})`
      : `GDP of ${reading.gdp}, World Bank, at the mean rate of that year`];
  }
  if (reading.unit === 'per_head') {
    return [`population of ${reading.gdp === 'release' ? DEFAULT_YEAR : reading.gdp}, World Bank`];
  }
  return [];
}
