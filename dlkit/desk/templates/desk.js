// Keys, and who else is here. Every page works without this: each thing that can be done is a link or a form.
"use strict";

const all = (what, within = document) => Array.from(within.querySelectorAll(what));
const wide = matchMedia("(min-width: 60rem)").matches; // code beside the verdicts, and not below them
const typing = (one) => one.matches("input:not([type=checkbox]), textarea, select");
// Of the page that is shown; `start` reads them anew when another takes its place.
let say, lines, items, at, line, unsaved, shown;

function markLine(number, scroll = true) {
  lines[line]?.classList.remove("at");
  line = Math.max(0, Math.min(number, lines.length - 1));
  lines[line]?.classList.add("at");
  if (scroll) lines[line]?.scrollIntoView({ block: "nearest" });
}

function markItem(number, focus = true) {
  items[at]?.classList.remove("at");
  at = Math.max(0, Math.min(number, items.length - 1));
  const item = items[at];
  item.classList.add("at");
  if (!focus) return;
  const link = item.matches("tr") ? item.querySelector("a") : item;
  link.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  all(".line.in").forEach((one) => one.classList.remove("in"));
  const begin = lines.findIndex((one) => one.id === item.dataset.line);
  if (begin < 0) return;
  const file = lines[begin].parentElement;
  for (let i = begin; i < lines.length && lines[i].parentElement === file; i += 1) {
    if (i > begin && /^[^\s#)\]}]/.test(lines[i].lastElementChild.textContent)) break;
    lines[i].classList.add("in");
  }
  markLine(begin, false);
  if (wide) lines[begin].scrollIntoView({ block: "start" });
}

function edit() {
  const summary = (items[at] ?? items[0])?.querySelector("[data-edit]");
  if (!summary) return;
  if (at < 0) markItem(0);
  summary.parentElement.open = true;
  summary.parentElement.querySelector("[name=points]").select();
}

function toComment() {
  if (line < 0) markLine(0);
  const here = lines[line];
  say.elements.line.value = here.id.split("-")[1];
  say.elements.file.value = here.parentElement.dataset.file;
  here.after(say);
}

function comment() {
  if (!say || !lines.length) return;
  toComment();
  say.elements.text.focus();
  say.scrollIntoView({ block: "nearest" });
}

function keys() {
  const dialog = document.getElementById("keys");
  if (dialog.open) dialog.close(); else dialog.showModal();
}

const does = {
  j: () => items.length && markItem(at + 1),
  k: () => items.length && markItem(at < 0 ? 0 : at - 1),
  ArrowDown: () => lines.length && markLine(line + 1),
  ArrowUp: () => lines.length && markLine(line - 1),
  e: edit,
  c: comment,
  "?": keys,
};

document.addEventListener("keydown", (event) => {
  const one = event.target;
  if (event.key === "Escape" && typing(one)) {
    one.blur();
    event.preventDefault();
    return;
  }
  if (event.key === "Enter" && event.ctrlKey && one.form) {
    one.form.requestSubmit();
    return;
  }
  if (typing(one) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.getElementById("keys").open && event.key !== "?") return;
  if (event.key === "Enter" && one.matches("a, button, summary")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    if (/^\d$/.test(event.key)) toComment();
    event.preventDefault();
    target.click();
  } else if (does[event.key] && (lines.length || !event.key.startsWith("Arrow"))) {
    event.preventDefault();
    does[event.key]();
  }
});

// Text that is not saved yet is not left behind by accident: `unsaved` is where it stands.
document.addEventListener("input", (event) => {
  const one = event.target;
  if (one.matches("textarea")) unsaved = one.value === one.defaultValue ? null : one;
});
document.addEventListener("submit", (event) => { if (event.target.contains(unsaved)) unsaved = null; });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// After a form: back at the check, or at the line, that it was about. Otherwise at the first check with something to say.
function find() {
  const note = location.hash.startsWith("#note-") ? document.getElementById(location.hash.slice(1)) : null;
  if (note) {
    let before = note;
    while (before && !before.matches(".line")) before = before.previousElementSibling;
    markLine(lines.indexOf(before), false);
    const begins = items.map((one) => lines.findIndex((other) => other.id === one.dataset.line));
    const near = Math.max(...begins.filter((one) => one <= line));
    if (near >= 0) markItem(begins.indexOf(near), false);
  }
  const wanted = items.findIndex((one) => location.hash === `#${one.id}`);
  const first = items.findIndex((one) => one.matches(".check:not(.quietly):not(.whole)"));
  if (wanted >= 0) markItem(wanted);
  else if (first >= 0 && !location.hash && wide) markItem(first);
}

async function here() {
  const { base, attempt } = document.body.dataset;
  try {
    const answer = await fetch(`${base}/here`, { method: "POST", body: new URLSearchParams({ attempt }) });
    const said = await answer.json();
    const others = document.getElementById("others");
    const told = said.others ? `● ${said.others} is reading this, too` : "";
    if (others && attempt === document.body.dataset.attempt && others.textContent !== told) others.textContent = told;
  } catch { /* the desk was closed, or the network card sleeps: the next time tells */ }
}

// The next submission is fetched while this one is read, and shown at once when it is asked for. What was fetched may be older
// than what others have written since: the page is asked for once more, and shown again if it is another.
const fetched = new Map();

async function textOf(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.url !== address) throw new Error("another page");
  return answer.text();
}

function ahead() {
  fetched.clear();
  for (const link of all("a[data-ahead]")) fetched.set(link.href, textOf(link.href).catch(() => null));
}

function show(text, address) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (address) {
    history.pushState(null, "", address);
    scrollTo(0, 0);
  }
  document.title = page.title;
  document.body.replaceWith(page.body);
  start();
  if (address && at < 0) document.querySelector("h1")?.focus({ preventScroll: true }); // a screen reader reads whose it is
}

async function turn(address) {
  const early = await fetched.get(address);
  if (!early) {
    location.assign(address);
    return;
  }
  show(early, address);
  const now = await textOf(address).catch(() => early); // who writes on an older one is told
  const busy = unsaved || document.querySelector("details[open]") || document.activeElement.matches("input, textarea, select");
  if (now !== early && location.href === address && !busy) show(now);
}

async function send(form, button) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
  show(await answer.text(), answer.url);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-ahead]");
  if (!link || unsaved || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  turn(link.href);
});
document.addEventListener("submit", (event) => {
  if (unsaved || !event.target.matches("form[data-ahead]")) return;
  event.preventDefault();
  send(event.target, event.submitter).catch(() => location.reload());
});
addEventListener("popstate", () => { if (location.pathname + location.search !== shown) location.reload(); });

function start() {
  say = document.getElementById("say");
  lines = all(".line");
  items = all("[data-list] [data-item]");
  at = line = -1;
  unsaved = null;
  shown = location.pathname + location.search;
  lines.forEach((one, number) => one.firstElementChild.addEventListener("click", () => { markLine(number, false); comment(); }));
  items.forEach((one, number) => one.addEventListener("focusin", () => number !== at && markItem(number, false)));
  const help = document.querySelector(".help");
  help.hidden = false;
  help.addEventListener("click", keys);
  // The file of a student's request is read here, so that only its text is sent.
  all("[data-into]").forEach((one) => {
    one.closest("[hidden]").hidden = false;
    one.addEventListener("change", async () => { one.form.elements[one.dataset.into].value = await one.files[0].text(); });
  });
  find();
  here();
  ahead();
  if (document.querySelector("[data-wait]")) setTimeout(() => location.reload(), 1000);
}

start();
setInterval(here, 15000);
