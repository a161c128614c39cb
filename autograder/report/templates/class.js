"use strict";
// Tables that sort and filter. Without this the page is whole: what needs it is put in here.
const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
}

function sort(rows, column, direction) {
  const valued = rows.map((row) => ({ row, value: valueOf(row, column) }));
  const numbers = valued.every(({ value }) => value === "" || Number.isFinite(Number(value)));
  valued.sort((a, b) => {
    if (a.value === "" || b.value === "") return (a.value === "") - (b.value === ""); // what is not known is last, either way
    return direction * (numbers ? a.value - b.value : order.compare(a.value, b.value));
  });
  return valued.map(({ row }) => row);
}

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const now = was === "none" ? (head.classList.contains("number") ? "descending" : "ascending") : was === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", now);
      const direction = now === "ascending" ? 1 : -1;
      if (table === list) {
        students = sort(students, column, direction);
        turn(0);
      } else table.tBodies[0].append(...sort(Array.from(table.tBodies[0].rows), column, direction));
    });
  });
}

const filter = document.getElementById("filter");
const shown = document.getElementById("shown");
const packed = document.getElementById("packed"); // the rows of a large class, of which some are shown at a time
const list = document.querySelector("table.filtered");
const texts = new WeakMap(); // of each row, as the filter looks for words in it
const SOME = 100;
let students = Array.from(list.tBodies[0].rows);
let first = 0; // of those that match, the number of the first that is shown
let pager = null;

function matching() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  return students.filter((row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return words.every((word) => texts.get(row).includes(word));
  });
}

// Show the rows that match; of a large class, those from one on.
function turn(to) {
  const found = matching();
  if (!pager) {
    const there = new Set(found);
    for (const row of students) row.hidden = !there.has(row);
    list.tBodies[0].append(...students);
    shown.textContent = `${found.length} of ${students.length} shown`;
    return;
  }
  const last = Math.max(0, Math.ceil(found.length / SOME) - 1) * SOME;
  first = Math.min(Math.max(0, to), last);
  const some = found.slice(first, first + SOME);
  list.tBodies[0].replaceChildren(...some);
  const matches = found.length === students.length ? "" : ` that match; ${students.length} in all`;
  shown.textContent = `${some.length ? `rows ${first + 1}–${first + some.length}` : "0"} of ${found.length}${matches}`;
  for (const button of pager.children) button.setAttribute("aria-disabled", button.leads(last) === first);
}

function page() {
  pager = document.createElement("div");
  pager.className = "pager";
  pager.setAttribute("role", "group");
  pager.setAttribute("aria-label", "Parts of the list");
  const ways = { First: () => 0, Previous: () => Math.max(0, first - SOME), Next: (last) => Math.min(last, first + SOME), Last: (last) => last };
  for (const [word, leads] of Object.entries(ways)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.leads = leads;
    button.addEventListener("click", () => turn(leads(Math.max(0, Math.ceil(matching().length / SOME) - 1) * SOME)));
    pager.append(button);
  }
  filter.closest(".filter").after(pager);
}

async function unpack() {
  const bytes = Uint8Array.from(atob(packed.textContent.trim()), (one) => one.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const body = document.createElement("tbody");
  body.innerHTML = text; // made and escaped as the rest of the page; its policy lets nothing in it run
  students = Array.from(body.rows);
}

function begin() {
  filter.closest("[hidden]").hidden = false;
  filter.addEventListener("input", () => turn(0));
  addEventListener("pageshow", () => turn(first)); // a browser that comes back keeps what was typed
  turn(0);
}

if (packed) {
  unpack().then(() => {
    document.querySelector(".leaves").hidden = true; // the same rows, for where nothing of this runs
    page();
    begin();
  }, () => {}); // an older browser has the first rows, and the pages with all
} else begin();

// Paper has nothing to open: what is closed is opened for it, and closed again.
let opened = [];
addEventListener("beforeprint", () => {
  if (pager && document.getElementById("print-students").checked) list.tBodies[0].replaceChildren(...matching());
  opened = Array.from(document.querySelectorAll("details:not([open])"));
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  if (pager) turn(first);
  for (const details of opened) details.open = false;
  opened = [];
});
