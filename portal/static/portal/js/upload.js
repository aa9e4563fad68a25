// Choosing a file shows it and presses the upload button beside it. Without script people press the
// button themselves.
for (const place of document.querySelectorAll(".file-upload")) {
  const input = place.querySelector("input[type=file]");
  const preview = place.querySelector("[data-upload-preview]");
  const button = place.querySelector("[data-upload-on-choose] button");

  input?.addEventListener("change", () => {
    preview.replaceChildren();
    for (const file of input.files) {
      if (!file.type.startsWith("image/")) continue;
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        const image = new Image(72, 96);
        image.alt = file.name;
        image.src = reader.result;
        preview.append(image);
      });
      reader.readAsDataURL(file);
    }
    if (!button || !input.files.length) return;
    preview.prepend(preview.dataset.waiting);
    input.form.requestSubmit(button);
  });
}
