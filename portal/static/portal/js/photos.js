// Pictures travel one by one as they are chosen, so that a slow line loses none that has arrived and the
// report itself stays small. What a camera makes is far larger than anybody needs to see a crack by: it is
// made smaller on the phone, and shown from there at once. A picture that failed is tried again, by itself
// and by hand. Without script the pictures go with the form, as they are.
const ATTEMPTS = 4;
const AT_ONCE = 2;
const LARGE = 400 * 1024; // bytes; what is smaller travels as it is
const EDGE = 2048; // pixels of the longer side: a sheet of paper can still be read
const PREVIEW = 96;

// By way of an <img>, which turns a picture the way it was held in every browser.
async function opened(file) {
  const reader = new FileReader();
  await new Promise((done, wrong) => {
    reader.addEventListener("load", done);
    reader.addEventListener("error", wrong);
    reader.readAsDataURL(file);
  });
  const image = new Image();
  image.src = reader.result;
  await image.decode();
  return image;
}

function drawn(image, width, height, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white"; // what was transparent would be black
  pen.fillRect(0, 0, width, height);
  const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
  pen.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  return canvas;
}

function preview(image, name) {
  const fill = PREVIEW / Math.min(image.naturalWidth, image.naturalHeight);
  const canvas = drawn(image, PREVIEW, PREVIEW, fill);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  return canvas;
}

async function smaller(image, file) {
  if (file.size <= LARGE) return file;
  const scale = Math.min(1, EDGE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = drawn(image, Math.round(image.naturalWidth * scale), Math.round(image.naturalHeight * scale), scale);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  canvas.width = 0; // some phones keep few canvases
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
}

// A form that sends its pictures along: they are made smaller where they were chosen.
for (const input of document.querySelectorAll("input[type=file][data-smaller]")) {
  let working = null;
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    const mine = (async () => {
      const light = new DataTransfer();
      for (const file of chosen) light.items.add(await opened(file).then((image) => smaller(image, file)).catch(() => file));
      if (working === mine) input.files = light.files; // and not chosen anew meanwhile
    })().finally(() => {
      if (working === mine) working = null;
    });
    working = mine;
  });
  input.form.addEventListener("submit", (event) => {
    if (!working) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const pressed = event.submitter;
    working.then(() => input.form.requestSubmit(pressed));
  });
}

for (const place of document.querySelectorAll("[data-photos]")) {
  const form = place.closest("form");
  const list = place.querySelector(".photos__list");
  const said = place.querySelector(".photos__said");
  const words = place.dataset;
  const waiting = [];
  const items = new Set(); // those not arrived yet
  let sending = 0;
  let looking = Promise.resolve(); // one picture is opened at a time: a phone has little memory
  let submitter = null; // pressed while pictures were under way
  place.classList.add("photos--live");

  const field = (name) => form.querySelector(`[name="${name}"]`).value;
  const count = () => list.children.length;

  function buttonOf(text, hidden, pressed) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = ` ${hidden}`;
    button.append(text, name);
    button.addEventListener("click", pressed);
    return button;
  }

  function drop(item) {
    items.delete(item);
    item.row.remove();
    settle();
  }

  function choose(file) {
    if (count() >= Number(words.limit)) {
      said.textContent = words.full;
      return;
    }
    const row = document.createElement("li");
    row.className = "photos__photo";
    const name = document.createElement("span");
    name.className = "photos__name";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "photos__state";
    state.textContent = words.waiting;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${words.sending}: ${file.name}`);
    row.append(name, bar, state);
    list.append(row);
    const item = { file, row, state, bar, attempts: 0 };
    items.add(item);
    looking = looking.then(() => ready(item));
  }

  async function ready(item) {
    try {
      const image = await opened(item.file);
      item.preview = preview(image, item.file.name);
      item.row.prepend(item.preview);
      item.file = await smaller(image, item.file);
    } catch {
      // A PDF, a kind of picture this browser cannot open, too little memory: it travels as it is.
    }
    waiting.push(item);
    next();
  }

  function next() {
    while (sending < AT_ONCE && waiting.length) send(waiting.shift());
  }

  function send(item) {
    if (!items.has(item)) return;
    sending += 1;
    item.attempts += 1;
    item.state.textContent = words.sending;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", field("csrfmiddlewaretoken"));
    body.append("token", field("token"));
    body.append("photo", item.file);
    const request = new XMLHttpRequest();
    request.open("POST", words.url);
    request.timeout = 180000;
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) item.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      sending -= 1;
      const answer = request.response;
      if (request.status === 200 && answer?.id) arrived(item, answer);
      else if (answer?.error && request.status !== 429) refused(item, answer.error);
      else failed(item);
      next();
    });
    request.send(body);
  }

  function arrived(item, photo) {
    items.delete(item);
    if (list.querySelector(`[data-photo="${photo.id}"]`)) item.row.remove(); // the same picture twice is one
    else {
      const image = new Image(96, 96);
      image.src = photo.thumbnail_url;
      image.alt = photo.name;
      if (item.preview) image.addEventListener("error", () => image.replaceWith(item.preview));
      item.row.dataset.photo = photo.id;
      item.row.replaceChildren(image, buttonOf(words.remove, photo.name, () => takeBack(item.row, photo.id)));
    }
    settle();
  }

  function refused(item, error) {
    item.bar.remove();
    item.state.textContent = error;
    item.row.classList.add("photos__photo--wrong");
    items.delete(item); // nothing to wait for: it is not wanted
    item.row.append(buttonOf(words.remove, item.file.name, () => drop(item)));
    settle();
  }

  function failed(item) {
    if (item.attempts < ATTEMPTS) {
      item.state.textContent = words.waiting;
      setTimeout(() => {
        waiting.push(item);
        next();
      }, 1000 * 2 ** item.attempts);
      return;
    }
    item.state.textContent = words.failed;
    item.stuck = true;
    item.retry = buttonOf(words.retry, item.file.name, () => again(item));
    item.forget = buttonOf(words.remove, item.file.name, () => drop(item));
    item.row.append(item.retry, item.forget);
    settle();
  }

  function again(item) {
    if (!items.has(item) || !item.stuck) return;
    item.stuck = false;
    item.retry.remove();
    item.forget.remove();
    item.attempts = 0;
    waiting.push(item);
    next();
  }

  async function takeBack(row, id) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", field("csrfmiddlewaretoken"));
    body.append("token", field("token"));
    body.append("remove", id);
    const done = await fetch(words.url, { method: "POST", body }).catch(() => null);
    if (done?.ok) row.remove();
  }

  // Whoever pressed "send" meanwhile need not press again.
  function settle() {
    if (!submitter) return;
    if ([...items].some((item) => item.stuck)) said.textContent = words.stuck;
    else if (!items.size) {
      const pressed = submitter;
      submitter = null;
      form.requestSubmit(pressed);
    }
  }

  for (const input of place.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      said.textContent = "";
      for (const file of input.files) choose(file);
      input.value = "";
    });
  }

  for (const button of list.querySelectorAll("button[name=remove]")) {
    const row = button.closest("li");
    row.dataset.photo = button.value;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      takeBack(row, button.value);
    });
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "send" || !items.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    submitter = event.submitter;
    said.textContent = words.busy;
    settle();
  });

  window.addEventListener("online", () => {
    for (const item of items) again(item);
  });
}
