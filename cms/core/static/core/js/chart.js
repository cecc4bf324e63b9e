// Improves figures: reads out the values of a period, which stand in the table of the same figure, under the pointer or
// by a slider for the keyboard; names the area of a map under the pointer; and fetches a figure anew when a reader has
// chosen other countries or another time. Without it, the table and the page of the indicator do the same.
const SVG = "http://www.w3.org/2000/svg";

function readTable(figure) {
  const table = figure.querySelector("table.values");
  if (!table) {
    return [];
  }
  const names = [...table.querySelectorAll("thead th")].slice(1).map((cell) => cell.textContent.trim());
  return [...table.querySelectorAll("tbody tr")].map((row) => ({
    day: new Date(row.dataset.day),
    period: row.cells[0].textContent.trim(),
    values: [...row.cells].slice(1).map((cell, index) => `${names[index]}: ${cell.textContent.trim()}`),
  }));
}

// The period that holds a day where values hold for a period, else the nearest point.
function rowAt(rows, day, isStepped) {
  if (isStepped) {
    return rows.filter((row) => row.day <= day).at(-1) ?? rows[0];
  }
  return rows.reduce((best, row) => (Math.abs(row.day - day) < Math.abs(best.day - day) ? row : best), rows[0]);
}

function addReading(figure) {
  const reading = document.createElement("p");
  reading.className = "chart-reading";
  reading.setAttribute("aria-hidden", "true");
  [...figure.querySelectorAll(".plot")].at(-1).after(reading);
  return reading;
}

function readPlot(plot, rows, reading, isStepped) {
  const [left, right] = [Number(plot.dataset.left), Number(plot.dataset.right)];
  const [first, last] = [new Date(plot.dataset.start), new Date(plot.dataset.end)];
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "reading-line");
  plot.append(line);

  const show = (row) => {
    const place = left + ((row.day - first) / (last - first)) * (right - left);
    line.setAttribute("d", `M${place} 0V${plot.dataset.bottom}`);
    reading.textContent = `${row.period} · ${row.values.join(" · ")}`;
  };
  const hide = () => {
    line.removeAttribute("d");
    reading.textContent = "";
  };
  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
    const share = Math.min(Math.max((x - left) / (right - left), 0), 1);
    show(rowAt(rows, new Date(first.getTime() + share * (last - first)), isStepped));
  });
  plot.addEventListener("pointerleave", hide);
  return { show, hide };
}

function addSlider(figure, rows, plots, reading) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", className: "chart-slider no-print", min: 0, max: rows.length - 1, step: 1 });
  slider.value = rows.length - 1;
  slider.setAttribute("aria-label", figure.dataset.read);
  const show = () => {
    const row = rows[slider.value];
    plots.forEach((plot) => plot.show(row));
    slider.setAttribute("aria-valuetext", `${row.period} · ${row.values.join(" · ")}`);
  };
  slider.addEventListener("input", show);
  slider.addEventListener("focus", show);
  slider.addEventListener("blur", () => plots.forEach((plot) => plot.hide()));
  reading.before(slider);
}

function readTimes(figure) {
  const plots = [...figure.querySelectorAll(".plot[data-start]")];
  const rows = plots.length ? readTable(figure) : [];
  if (!rows.length || !(new Date(plots[0].dataset.end) > new Date(plots[0].dataset.start))) {
    return;
  }
  const reading = addReading(figure);
  const readers = plots.map((plot) => readPlot(plot, rows, reading, "stepped" in figure.dataset));
  addSlider(figure, rows, readers, reading);
}

// The titles of areas are tips of the browser already; here they also come at a touch, and at once.
function readAreas(figure) {
  const map = figure.querySelector(".plot-map");
  if (!map) {
    return;
  }
  const reading = addReading(figure);
  const names = new Map();
  for (const title of map.querySelectorAll("path > title")) {
    names.set(title.parentElement, title.textContent);
    title.remove();
  }
  const show = (event) => {
    reading.textContent = names.get(event.target) ?? "";
  };
  map.addEventListener("pointermove", show);
  map.addEventListener("pointerdown", show);
  map.addEventListener("pointerleave", () => {
    reading.textContent = "";
  });
}

// Puts the figure at an address in the place of one that is there; where that fails, the reader is led to the page.
async function replace(figure, address, page) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    const place = document.createElement("template");
    place.innerHTML = await answer.text();
    const next = place.content.querySelector("figure.chart");
    figure.replaceWith(next);
    improve(next);
    return next;
  } catch {
    location.assign(page);
    return null;
  }
}

function chooseHere(figure) {
  const link = figure.querySelector("a[data-choose]");
  link?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const next = await replace(figure, link.dataset.choose, link.href);
    next?.querySelector(".country-choice input")?.focus();
  });
  const form = figure.querySelector("form[data-figure]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const page = `${form.action}?${chosen}`;
    chosen.set("figure", figure.id.replace("figure-", ""));
    const next = await replace(figure, `${form.dataset.figure}?${chosen}`, page);
    next?.focus();
  });
}

function improve(figure) {
  readTimes(figure);
  readAreas(figure);
  chooseHere(figure);
}

document.querySelectorAll("figure.chart").forEach(improve);
