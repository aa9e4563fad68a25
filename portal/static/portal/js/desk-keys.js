// j k move along the rows, o opens one, a goes to the chief move, / to the search, ? shows them all.
// Single keys get in the way of speech input, so they can be switched off (WCAG 2.1.4); they rest
// while something is being typed. Everything they do is done by a link or a button as well.
const help = document.querySelector("[data-keys]");
const links = () => [...document.querySelectorAll("[data-rows] [data-open]")];

function typing(element) {
  return element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");
}

function step(by) {
  const rows = links();
  const here = rows.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function open() {
  document.activeElement.closest("[data-rows] tr, [data-rows] li")?.querySelector("[data-open]")?.click();
}

// A link to the move's own page is followed; a button that acts at once is only pointed at.
function chief() {
  const move = document.querySelector("[data-moves] .button--primary");
  if (move instanceof HTMLAnchorElement) move.click();
  else move?.focus();
}

function search() {
  const box = document.querySelector("main input[type=search]");
  if (box) box.focus();
  else if (help.dataset.search) location.assign(help.dataset.search);
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: open,
  a: chief,
  "/": search,
  "?": () => help.showModal(),
};

if (help) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    const act = keys[event.key];
    if (!act || typing(event.target)) return;
    event.preventDefault();
    act();
  });
  // From another page, to the search at once.
  if (location.hash === "#tim") search();
}
