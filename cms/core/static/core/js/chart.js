// Reads a chart out: shows the values of the period under the pointer, which stand in the table of the same figure.
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

function prepare(plot) {
  const figure = plot.closest(".chart");
  const { start, end } = plot.dataset;
  const [left, right] = [Number(plot.dataset.left), Number(plot.dataset.right)];
  const [first, last] = [new Date(start), new Date(end)];
  const rows = readTable(figure);
  if (!rows.length || !(last > first)) {
    return;
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "reading-line");
  const text = document.createElement("p");
  text.className = "chart-reading";
  text.setAttribute("aria-hidden", "true");
  plot.append(line);
  plot.after(text);

  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
    const share = Math.min(Math.max((x - left) / (right - left), 0), 1);
    const row = rowAt(rows, new Date(first.getTime() + share * (last - first)), "stepped" in figure.dataset);
    const place = left + ((row.day - first) / (last - first)) * (right - left);
    line.setAttribute("d", `M${place} 0V${plot.dataset.bottom}`);
    text.textContent = `${row.period} · ${row.values.join(" · ")}`;
  });
  plot.addEventListener("pointerleave", () => {
    line.removeAttribute("d");
    text.textContent = "";
  });
}

document.querySelectorAll(".plot[data-start]").forEach(prepare);
