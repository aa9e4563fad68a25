// Shows a paper beside the answers without loading the page again. Without this the links do.
const section = document.querySelector("[data-viewer]");
const frame = section?.querySelector("[data-viewer-frame]");

function picture(link) {
  const image = document.createElement("img");
  image.className = "viewer__image";
  image.alt = link.textContent;
  image.src = link.dataset.view;
  return image;
}

function pages(link) {
  const inner = document.createElement("iframe");
  inner.className = "viewer__pdf";
  inner.title = link.textContent;
  inner.src = `${link.dataset.view}#navpanes=0&view=FitH`;
  return inner;
}

section?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-view]");
  if (!link || !frame || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  frame.replaceChildren(link.dataset.image ? picture(link) : pages(link));
  section.querySelector("[data-viewer-name]").textContent = link.textContent;
  section.querySelector("[data-viewer-open]").href = link.dataset.view;
  section.querySelector("[aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.getAttribute("href"));
});
