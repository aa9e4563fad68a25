// A prepared sentence goes into the text below it, to be edited there. Without this both are joined when sent.
for (const choice of document.querySelectorAll('select[name="phrase"], select[name^="phrase-"]')) {
  const text = choice.form.elements[choice.name.replace(/^phrase$/, "reason").replace(/^phrase-/, "what-")];
  if (!text) continue;
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    text.value = [text.value.trim(), choice.value].filter(Boolean).join(" ");
    choice.value = "";
    text.focus();
  });
}
