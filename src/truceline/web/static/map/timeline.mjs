// The slider of time and its playback: which stretch of the truce is shown.

const HOUR = 3600, DAY = 86400;
// A longer truce has a coarser slider, so that an arrow key moves by something that is seen.
const stepOf = (length) => length > 60 * DAY ? 6 * HOUR : HOUR;
const TICK_MS = 450;

/** Tie the slider, the width of the window and the button to each other; `changed` is told. */
export function timeline(start, end, changed) {
  const slide = document.getElementById("slide"), span = document.getElementById("span");
  const play = document.getElementById("play"), step = stepOf(end - start);
  slide.max = Math.ceil((end - start) / step);
  slide.value = slide.max;
  let timer = 0;

  const now = () => Math.min(end, start + Number(slide.value) * step);
  const period = () => [Number(span.value) ? now() - Number(span.value) : start, now()];

  function move(steps) {
    slide.value = Number(slide.value) + steps;
    changed();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.textContent = "Play";
  }

  function toggle() {
    if (timer) { stop(); return; }
    if (!Number(span.value)) span.value = String(DAY);
    if (slide.value === slide.max) slide.value = 0;
    play.setAttribute("aria-pressed", "true");
    play.textContent = "Pause";
    timer = setInterval(() => {
      move(Math.max(1, Math.round(Number(span.selectedOptions[0].dataset.pace) / step)));
      if (slide.value === slide.max) stop();
    }, TICK_MS);
  }

  play.addEventListener("click", toggle);
  slide.addEventListener("input", () => { stop(); changed(); });
  span.addEventListener("change", changed);
  // Keys as in a player: the space bar plays, comma and full stop go back and on by one step.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input,select,button,a,textarea,[contenteditable]")) return;
    if (event.key === " ") { event.preventDefault(); toggle(); }
    if (event.key === "," || event.key === ".") { stop(); move(event.key === "," ? -1 : 1); }
  });

  return { period, now, isPlaying: () => Boolean(timer),
    kept: () => ({ ...(slide.value === slide.max ? {} : { t: new Date(now() * 1000).toISOString().slice(0, 16) + "Z" }),
      ...(span.value === "0" ? {} : { span: span.value }) }),
    restore(asked) {
      if (asked.has("span")) span.value = asked.get("span");
      if (!span.value) span.value = "0";
      const at = Date.parse(asked.get("t") ?? "") / 1000;
      if (Number.isFinite(at)) slide.value = Math.round((at - start) / step);
    } };
}
