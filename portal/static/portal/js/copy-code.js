// A copy button beside each code. Made here because it can do nothing without a script.
if (navigator.clipboard) {
  for (const code of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary";
    button.textContent = code.dataset.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent.trim());
      button.textContent = code.dataset.copied;
      setTimeout(() => (button.textContent = code.dataset.copy), 4000);
    });
    code.after(button);
  }
}
