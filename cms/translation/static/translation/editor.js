// Saves segments without loading the page anew. Without this, each form loads it, and nothing else is lost.
const editor = document.querySelector(".translation-editor");
const announcement = document.getElementById("translation-announcement");

function say(sentence) {
  announcement.textContent = "";
  requestAnimationFrame(() => {
    announcement.textContent = sentence;
  });
}

function isChanged(field) {
  return field.value !== field.defaultValue;
}

async function save(form, goOn) {
  const segment = form.closest("article");
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parts.querySelector("article");
    if (!fresh) {
      const reasons = { 403: editor.dataset.refused, 422: parts.body.textContent };
      throw new Error(reasons[answer.status] || editor.dataset.failed);
    }
    document.getElementById("translation-summary").replaceWith(parts.getElementById("translation-summary"));
    segment.replaceWith(fresh);
    shown(fresh, answer.ok, goOn);
  } catch (error) {
    button.disabled = false;
    complain(form, error instanceof TypeError ? editor.dataset.failed : error.message);
  }
}

function shown(segment, isSaved, goOn) {
  const field = segment.querySelector("textarea");
  const error = segment.querySelector(".error-message");
  if (!isSaved) {
    // What was sent is not saved: leaving the page asks.
    const sent = field.value;
    field.defaultValue = "";
    field.value = sent;
    field.focus();
    say(error ? error.textContent : editor.dataset.failed);
    return;
  }
  const next = goOn && nextToDo(segment);
  (next || field).focus();
  say(next || nextToDo() ? editor.dataset.saved : editor.dataset.finished);
}

function complain(form, sentence) {
  const place = form.querySelector("[id^='remarks-']");
  place.querySelector(".error-message")?.remove();
  const message = document.createElement("p");
  message.className = "error-message";
  message.textContent = sentence;
  place.prepend(message);
  say(sentence);
}

function nextToDo(after) {
  const open = [...editor.querySelectorAll("article:not(.translation-segment--done)")];
  const follows = (one) => !after || after.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  return (open.find(follows) || open[0])?.querySelector("textarea");
}

function insert(field, text, closing) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  field.setRangeText(text + value.slice(start, end) + closing, start, end, "end");
  if (start === end && closing) {
    field.selectionEnd -= closing.length;
  }
  field.focus();
}

function use(form, text) {
  const field = form.querySelector("textarea");
  field.focus();
  field.setRangeText(text, 0, field.value.length, "end");
}

editor.addEventListener("submit", (event) => {
  if (event.target.matches(".translation-target")) {
    event.preventDefault();
    save(event.target, false);
  }
});

editor.addEventListener("keydown", (event) => {
  const form = event.target.closest(".translation-target");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save(form, true);
  }
});

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert], [data-use]");
  const segment = button?.closest("article");
  if (!segment) {
    return;
  }
  if (button.dataset.use === undefined) {
    insert(segment.querySelector("textarea"), button.dataset.insert, button.dataset.closing || "");
  } else {
    use(segment.querySelector("form"), button.dataset.use);
  }
});

addEventListener("beforeunload", (event) => {
  if ([...editor.querySelectorAll("textarea")].some(isChanged)) {
    event.preventDefault();
  }
});

// What is done with the page as a whole takes what is saved: nobody should lose what still stands in a field.
editor.querySelector(".translation-actions")?.addEventListener("click", (event) => {
  const open = [...editor.querySelectorAll("textarea")].find(isChanged);
  if (open && event.target.matches("button")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    open.focus();
  }
}, { capture: true });
