// What is typed into a form marked data-keep stays on this phone until it was sent: a lost connection, a
// closed tab or an empty battery loses nothing. Pictures wait at the server under the form's token. The
// page of what was sent carries that token and forgets the rest.
const PREFIX = "keep:";
const DAY = 24 * 60 * 60 * 1000;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(test) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && test(read(key))) localStorage.removeItem(key);
    }
  } catch {
    // private windows may refuse: nothing was kept then
  }
}

for (const sent of document.querySelectorAll("[data-sent]")) {
  forget((kept) => kept?.token === sent.dataset.sent);
}
forget((kept) => !kept || Date.now() - kept.at > DAY);

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = PREFIX + form.dataset.keep;
  const said = form.querySelector("[data-offline]");
  const token = form.querySelector("[name=token]").value;
  const fields = () =>
    [...form.elements].filter(
      (field) => field.name && !["hidden", "file", "submit", "button", "fieldset"].includes(field.type),
    );

  function keep() {
    const typed = {};
    for (const field of fields()) {
      if (field.type === "radio" && !field.checked) continue;
      typed[field.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), token, typed }));
    } catch {
      // full or refused: the form itself still holds it
    }
  }

  function restore(typed) {
    for (const field of fields()) {
      if (!(field.name in typed)) continue;
      if (field.type === "radio") field.checked = field.value === typed[field.name];
      else if (field.type === "checkbox") field.checked = typed[field.name];
      else if (!field.value) field.value = typed[field.name];
    }
  }

  const kept = read(key);
  const empty = !form.querySelector("textarea").value;
  if (kept?.typed?.what && empty) {
    const here = new URL(location.href);
    if (kept.token !== token && here.searchParams.has("phieu")) {
      // The pictures of the report that broke off lie under its own token; if it did arrive, this leads to it.
      here.searchParams.set("phieu", kept.token);
      location.replace(here);
    } else {
      restore(kept.typed);
      said.textContent = said.dataset.restored;
    }
  }

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) {
      forget((each) => each?.token === token); // "me too": there is nothing left to report
      return;
    }
    keep();
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = said.dataset.offline;
  }, true); // before the pictures' own: they wait by themselves for the line

  window.addEventListener("online", () => {
    if (said.textContent === said.dataset.offline) said.textContent = said.dataset.online;
  });

  // What to do at once, for the kind of thing that is chosen.
  function advise() {
    const chosen = form.querySelector("[name=category]:checked")?.value;
    for (const advice of form.querySelectorAll("[data-kind]")) advice.hidden = advice.dataset.kind !== chosen;
  }
  form.addEventListener("change", advise);
  advise();
}
