"use strict";
// Keys for a decision, as they stand beside each choice; never while something is typed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input:not([type=radio]),select,textarea")) return;
  const choice = document.querySelector(`input[name=decision][accesskey="${CSS.escape(event.key)}"]`);
  if (choice) { choice.checked = true; document.getElementById("reason").focus(); event.preventDefault(); }
});
// What was typed of a reason outlives a lost connection, on this machine only, until the
// page shows that it was written down.
const reason = document.getElementById("reason");
if (reason) {
  const key = `reason ${location.pathname}`;
  const draft = sessionStorage.getItem(key) || "";
  const written = document.querySelector(".history")?.textContent ?? "";
  if (draft && written.includes(draft)) sessionStorage.removeItem(key);
  else reason.value = reason.value || draft;
  const keep = () => sessionStorage.setItem(key, reason.value);
  // On a slow link something may have been typed before this program came.
  if (reason.value) keep();
  reason.addEventListener("input", keep);
}
