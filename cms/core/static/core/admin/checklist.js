// An entry of the checklist opens the tab and the panels around its field, and puts the cursor there.
const FIELDS = "input:not([type=hidden]), textarea, select, [contenteditable=true]";
const CHOOSERS = "[data-chooser-action-choose]";
const ATTEMPTS = 30; // a tab takes a few frames to open

function enter(place, attempts = ATTEMPTS) {
  const controls = [...place.querySelectorAll(FIELDS), ...place.querySelectorAll(CHOOSERS)];
  const control = controls.find((element) => element.checkVisibility({ visibilityProperty: true }));
  if (control) {
    control.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center", behavior: "instant" }); // a smooth one ends where the tab changes
  } else if (attempts) {
    requestAnimationFrame(() => enter(place, attempts - 1));
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".checklist a");
  const mark = link && document.getElementById(link.hash.slice(1));
  if (!mark) return;
  event.preventDefault();
  const place = mark.closest("[data-contentpath]") ?? mark;
  const tab = place.closest("[role=tabpanel]");
  document.querySelector(`[role=tab][aria-controls="${tab?.id}"]`)?.click();
  for (let panel = place.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
    panel.querySelector("[data-panel-toggle][aria-expanded=false]")?.click();
  }
  enter(place);
});
