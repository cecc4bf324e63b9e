// Adds the reader's own time after <time data-local-time data-label="your time"> where the clocks differ.
const language = document.documentElement.lang;
// A browser that does not know the months of a language writes "M03" (Chromium in Kazakh): dates are then in figures.
const knowsMonths = !/^M\d/.test(new Intl.DateTimeFormat(language, { month: "long" }).format());
const format = new Intl.DateTimeFormat(knowsMonths ? { en: "en-GB" }[language] ?? language : "ru", {
  day: knowsMonths ? "numeric" : "2-digit",
  month: knowsMonths ? "long" : "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

for (const element of document.querySelectorAll("time[data-local-time]:not([data-done])")) {
  const written = element.getAttribute("datetime");
  const moment = new Date(written);
  const offset = /([+-])(\d{2}):(\d{2})$/.exec(written);
  const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  element.dataset.done = "";
  if (minutes !== -moment.getTimezoneOffset()) {
    const note = document.createElement("span");
    note.className = "local-time";
    note.textContent = ` (${element.dataset.label}: ${format.format(moment)})`;
    element.after(note);
  }
}
