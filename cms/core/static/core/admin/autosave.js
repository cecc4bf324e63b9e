/*
 * Wagtail 8.0 submits a form although its autosave is still under way. Rows that the autosave has created meanwhile are
 * unknown to that form and are created twice. A submission therefore waits for the autosave, at most PATIENCE milliseconds.
 */
const PATIENCE = 8000;
let saving = false;
let held = null;

function submitHeld() {
  if (!held) return;
  const { form, submitter, timer } = held;
  held = null;
  clearTimeout(timer);
  if (submitter) submitter.disabled = false; // the button that shows progress is disabled, and would not be sent
  form.requestSubmit(submitter);
}

function settled() {
  saving = false;
  submitHeld();
}

document.addEventListener("w-autosave:save", (event) => {
  saving = !event.defaultPrevented;
});
document.addEventListener("w-autosave:success", settled);
document.addEventListener("w-autosave:error", settled);

document.addEventListener(
  "submit",
  (event) => {
    if (!saving || !event.target.matches('[data-controller~="w-autosave"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!held) held = { form: event.target, submitter: event.submitter, timer: setTimeout(settled, PATIENCE) };
  },
  { capture: true },
);
