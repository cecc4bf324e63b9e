// Shows what is public already and like that which somebody writes: <… data-similar="address" data-fields="id id">.
const PAUSE = 800;
const SHORTEST = 10;

for (const place of document.querySelectorAll("[data-similar]")) {
  const form = place.closest("form");
  const fields = place.dataset.fields.split(" ").map((name) => form.elements[name]);
  let timer;
  let asked = "";
  const ask = async () => {
    const text = fields.map((field) => field.value.trim()).join(" ").slice(0, 400);
    if (text === asked || text.length < SHORTEST) {
      return;
    }
    asked = text;
    const body = new URLSearchParams({ text });
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(place.dataset.similar, { method: "POST", body, headers });
      if (answer.ok && text === asked) {
        place.innerHTML = await answer.text();
      }
    } catch {
      // Without a line nothing is shown: the form works without it.
    }
  };
  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
}
