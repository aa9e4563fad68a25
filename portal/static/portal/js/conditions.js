// Hides a question until the answer it depends on is given. Without script it is shown with its
// condition in words; the server decides either way, so a hidden answer is never lost or insisted on.
const dependents = [...document.querySelectorAll("[data-asked-when]")];

const answerTo = (form, name) => {
  const control = form.elements.namedItem(name);
  return control ? control.value : undefined;
};

const arrange = () => {
  for (const question of dependents) {
    const form = question.closest("form");
    const source = form.elements.namedItem(question.dataset.askedWhen);
    const control = source instanceof RadioNodeList ? source[0] : source;
    // What depends on a question that is itself hidden is not asked either.
    const open = control && !control.closest("[data-asked-when][hidden]");
    const values = question.dataset.askedValues.split(" ");
    question.hidden = !(open && values.includes(answerTo(form, question.dataset.askedWhen)));
  }
};

for (const words of document.querySelectorAll("[data-condition-in-words]")) words.hidden = true;
arrange();
document.addEventListener("change", arrange);
