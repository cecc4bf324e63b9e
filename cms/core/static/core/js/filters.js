// On wide screens a list follows its filters at once; elsewhere, and without this script, the button applies them.
const wide = window.matchMedia("(min-width: 62rem)");
const parser = new DOMParser();
let latest = 0;

function keepPlace(from, to) {
  to.querySelectorAll(".filter-group").forEach((group, index) => {
    const before = from.querySelectorAll(".filter-group")[index];
    group.open = before?.open ?? group.open;
  });
}

async function show(address, focused) {
  latest += 1;
  const mine = latest;
  const answer = await fetch(address);
  const fresh = parser.parseFromString(await answer.text(), "text/html").querySelector("[data-list]");
  if (!fresh || mine !== latest) {
    return;
  }
  const current = document.querySelector("[data-list]");
  const scrolled = [...current.querySelectorAll(".filter-options")].map((list) => list.scrollTop);
  keepPlace(current, fresh);
  current.replaceWith(fresh);
  fresh.querySelectorAll(".filter-options").forEach((list, index) => {
    list.scrollTop = scrolled[index] ?? 0;
  });
  if (focused) {
    fresh.querySelector(`input[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`)?.focus();
  }
  document.querySelector("[data-list-status]").textContent = fresh.querySelector("[data-list-count]").textContent;
}

function addressOf(form) {
  const query = new URLSearchParams(new FormData(form));
  return `${window.location.pathname}${query.size ? `?${query}` : ""}`;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-filters] form");
  if (form && wide.matches) {
    const address = addressOf(form);
    window.history.pushState({}, "", address);
    show(address, event.target);
  }
});

window.addEventListener("popstate", () => show(window.location.href));
