"use strict";
// Tables that sort by a click or a key on a heading, and shrink to what is looked for.
const valueOf = (row, column) => {
  const cell = row.cells[column];
  const own = cell.dataset.value;
  return own === undefined ? cell.textContent.trim().toLocaleLowerCase() : Number(own);
};
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
const sortBy = (table, heading) => {
  const down = heading.getAttribute("aria-sort") === "ascending" ||
    (!heading.hasAttribute("aria-sort") && heading.classList.contains("number"));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [valueOf(row, heading.cellIndex), row]);
  rows.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
  body.append(...rows.map((pair) => pair[1]));
};
for (const table of document.querySelectorAll("table.sortable")) {
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, heading));
    heading.append(button);
  }
}
for (const box of document.querySelectorAll("input[data-table]")) {
  const table = document.getElementById(box.dataset.table);
  const said = document.getElementById(box.dataset.count);
  const look = () => {
    const wanted = box.value.trim().toLocaleLowerCase();
    let found = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
      found += row.hidden ? 0 : 1;
    }
    said.textContent = wanted === "" ? "" : `${found} of ${table.tBodies[0].rows.length}`;
  };
  box.addEventListener("input", look);
  box.closest(".find").hidden = false;
  look();
}
