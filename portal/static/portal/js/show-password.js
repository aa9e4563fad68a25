// Lets people read the password they type: on a phone most mistakes are typing, not forgetting.
for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.setAttribute("aria-controls", input.id);
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? input.dataset.hide : input.dataset.show;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false)); // so that browsers offer to keep it
  input.autocapitalize = "none";
  input.spellcheck = false;
  show(false);
  input.after(button);
}
