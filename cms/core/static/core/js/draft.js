// Keeps what is written in a form in this browser until it is sent: <form data-draft="name"> with [data-draft-note], and
// on the page that says so <… data-draft-sent="name">. Names, addresses and files are never kept.
const DELAY = 400;
const KEPT = "textarea, select, input[type=text]:not([autocomplete])";

function key(name) {
  return `draft ${name} ${document.documentElement.lang}`;
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null; // a browser that keeps nothing
  }
}

function texts(form) {
  const fields = [...form.querySelectorAll(KEPT)].filter((field) => field.value);
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function restore(form, note) {
  const kept = attempt(() => JSON.parse(localStorage.getItem(key(form.dataset.draft)))) ?? {};
  for (const field of form.querySelectorAll(KEPT)) {
    if (!field.value && typeof kept[field.name] === "string") {
      field.value = kept[field.name];
      field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new Event("input"));
    }
  }
  note.hidden = Object.keys(texts(form)).length === 0;
}

for (const form of document.querySelectorAll("[data-draft]")) {
  const note = form.querySelector("[data-draft-note]");
  let timer;
  const save = () => {
    const written = texts(form);
    const kept = attempt(() => localStorage.setItem(key(form.dataset.draft), JSON.stringify(written)) ?? true);
    note.hidden = !kept || Object.keys(written).length === 0;
  };
  restore(form, note);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, DELAY);
  });
  window.addEventListener("pagehide", save);
  form.querySelector("[data-draft-clear]").addEventListener("click", () => {
    for (const field of form.querySelectorAll(KEPT)) {
      field.value = "";
      field.dispatchEvent(new Event("input"));
    }
    save();
    form.querySelector(KEPT).focus();
  });
}

for (const sent of document.querySelectorAll("[data-draft-sent]")) {
  attempt(() => localStorage.removeItem(key(sent.dataset.draftSent)));
}
