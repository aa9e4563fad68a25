// A second press of the same button while the first is under way does nothing. The server would
// answer it with the same page; this only spares people the doubt.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return; // a file leaves the page as it is
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
});

// Coming back with the browser's own "back" must find a form that can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});
