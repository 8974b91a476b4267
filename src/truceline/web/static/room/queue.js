"use strict";
// Keys for the queue: j and k move between tasks; Enter follows the link as ever.
const tasks = [...document.querySelectorAll("a.task")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input,select,textarea")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !tasks.length) return;
  const at = tasks.indexOf(document.activeElement);
  tasks[Math.min(tasks.length - 1, Math.max(0, at < 0 ? 0 : at + step))].focus();
});
// Something changed: say so, and let the person choose when to look again.
const events = new EventSource("/api/events");
events.addEventListener("judgement", () => {
  if (document.querySelector(".changed")) return;
  const note = document.createElement("p");
  note.className = "changed";
  note.setAttribute("role", "status");
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "The picture has changed: show it anew.";
  note.append(link);
  document.querySelector("main").prepend(note);
});
