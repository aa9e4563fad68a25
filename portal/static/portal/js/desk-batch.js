// Ticking many rows: all of a page at once, a range with Shift. Where there is a bar of the batch, it comes once
// something is ticked, and says how many. Without this the bar is always there.
const form = document.querySelector("[data-batch]");
const bar = form?.querySelector(".batch");
const every = form?.querySelector("[data-all]");
const everyBox = every?.querySelector("input");
const ticks = () => [...form.querySelectorAll(`tbody [type="checkbox"][name="${form.dataset.batch}"]`)];

function show() {
  const all = ticks();
  const count = all.filter((tick) => tick.checked).length;
  if (bar) {
    bar.hidden = count === 0;
    form.querySelector("[data-batch-count]").textContent = count ? `${count} · ` : "";
  }
  if (every) {
    every.hidden = all.length < 2;
    everyBox.checked = count === all.length;
    everyBox.indeterminate = count > 0 && count < all.length;
  }
}

if (form) {
  // A range with Shift, as in any list.
  let last = null;
  form.addEventListener("click", (event) => {
    if (event.target.name !== form.dataset.batch) return;
    const all = ticks();
    const here = all.indexOf(event.target);
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(here, last), Math.max(here, last)];
      for (const tick of all.slice(from, to + 1)) tick.checked = event.target.checked;
    }
    last = here;
  });
  form.addEventListener("change", (event) => {
    if (event.target === everyBox) for (const tick of ticks()) tick.checked = everyBox.checked;
    show();
  });
  window.addEventListener("pageshow", show); // back from a page, with the boxes as they were
  show();
}
