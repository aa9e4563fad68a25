// The bar of the batch comes once something is ticked, and says how many. Without this it is always there.
const form = document.querySelector("[data-batch]");
const bar = form?.querySelector(".batch");
const ticks = () => [...form.querySelectorAll('[name="ho_so"]')];

function show() {
  const count = ticks().filter((tick) => tick.checked).length;
  bar.hidden = count === 0;
  form.querySelector("[data-batch-count]").textContent = count ? `${count} · ` : "";
}

if (form && bar) {
  // A range with Shift, as in any list.
  let last = null;
  form.addEventListener("click", (event) => {
    if (event.target.name !== "ho_so") return;
    const all = ticks();
    const here = all.indexOf(event.target);
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(here, last), Math.max(here, last)];
      for (const tick of all.slice(from, to + 1)) tick.checked = event.target.checked;
    }
    last = here;
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show); // back from a page, with the boxes as they were
  show();
}
