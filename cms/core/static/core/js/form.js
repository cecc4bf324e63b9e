// Makes a form easier: the summary of what is wrong takes the focus, and counters say how many characters are left.
document.querySelector(".error-summary")?.focus();

// A browser that does not know how a language writes numbers would write them as in English.
const language = Intl.NumberFormat.supportedLocalesOf(document.documentElement.lang);
const number = new Intl.NumberFormat(language, { useGrouping: language.length > 0 });
const NEARLY_FULL = 50;

for (const counter of document.querySelectorAll(".field-counter[data-max]")) {
  const field = counter.closest(".field").querySelector("input, textarea");
  const show = () => {
    const left = Number(counter.dataset.max) - field.value.length;
    counter.textContent = `${counter.dataset.label} ${number.format(left)}`;
    counter.classList.toggle("is-over", left < 0);
    counter.setAttribute("aria-live", left < NEARLY_FULL ? "polite" : "off");
  };
  field.addEventListener("input", show);
  show();
}
