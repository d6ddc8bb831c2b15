// Pictures of numbers, with the numbers as a table behind each.

import { fill, h, shape } from "./dom.js";
import { number as plainNumber } from "./words.js";

/** @typedef {{label: string, values: (number | null)[], title?: string}} ChartRow @typedef {{name: string, tint: string}} Series */

function table(rows, series, write) {
  return h("details", { class: "chart-table" }, h("summary", null, "As a table"),
    h("div", { class: "scroll-box", tabindex: "0", role: "region", "aria-label": "Table" },
      h("table", null, h("thead", null, h("tr", null, h("td"), series.map((s) => h("th", { scope: "col" }, s.name)))),
        h("tbody", null,
          rows.map(
            (r) => h("tr", null, h("th", { scope: "row" }, r.title || r.label), r.values.map((v) => h("td", null, v === null ? "–" : write(v)))))))));
}
const legend = (series) =>
  series.length > 1 && h("ul", { class: "legend" }, series.map((s) => h("li", null, h("span", { class: "swatch tint-" + s.tint }), s.name)));

/** Draws when the width is known, and again when it changes. */
function drawn(title, rows, series, write, height, paint) {
  const box = h("div", { class: "chart-box" });
  const draw = () => {
    const width = Math.max(240, Math.round(box.clientWidth || 480));
    const svg = shape("svg", {
      viewBox: "0 0 " + width + " " + height,
      width,
      height,
      role: "img",
      "aria-label": title + ". " +
        rows.slice(0, 12).map((r) => (r.title || r.label) + ": " + r.values.map((v) => v === null ? "–" : write(v)).join(", ")).join("; "),
    });
    paint(svg, width);
    fill(box, svg);
  };
  let last = 0;
  new ResizeObserver(() => {
    if (Math.abs(box.clientWidth - last) < 4) return;
    last = box.clientWidth;
    requestAnimationFrame(draw);
  }).observe(box);
  return h("figure", { class: "chart" }, h("figcaption", null, h("span", null, title), legend(series)), box, table(rows, series, write));
}
const step = (top) => {
  const power = 10 ** Math.floor(Math.log10(top || 1));
  return [1, 2, 5, 10].map((m) => m * power).find((s) => top / s <= 4) || top;
};
function axis(svg, width, height, left, bottom, top, write) {
  const by = Math.max(step(top), top < 4 ? 1 : 0) || 1;
  for (let v = 0; v <= top + by * 0.001; v += by) {
    const y = height - bottom - v / top * (height - bottom - 12);
    svg.append(shape("line", { x1: left, x2: width, y1: y, y2: y, class: "axis" }));
    svg.append(shape("text", { x: left - 6, y: y + 4, "text-anchor": "end", class: "axis-text" }, write(v)));
  }
}
function labels(svg, rows, x, y, width) {
  const every = Math.ceil(rows.length / Math.max(1, Math.floor(width / 62)));
  rows.forEach((r, i) => {
    if (i % every === 0) svg.append(shape("text", { x: x(i), y, "text-anchor": "middle", class: "axis-text" }, r.label));
  });
}
/** Columns over a line of labels, one series upon the other. @param {string} title @param {ChartRow[]} rows @param {Series[]} series */
export function columnsChart(title, rows, series, write = plainNumber, height = 200) {
  const top = Math.max(1, ...rows.map((r) => r.values.reduce((a, v) => (a || 0) + (v || 0), 0) || 0));
  return drawn(title, rows, series, write, height, (svg, width) => {
    const left = 42, bottom = 24, room = (width - left) / Math.max(1, rows.length);
    axis(svg, width, height, left, bottom, top, write);
    rows.forEach((r, i) => {
      let y = height - bottom;
      r.values.forEach((v, s) => {
        const tall = (v || 0) / top * (height - bottom - 12);
        if (!tall) return;
        y -= tall;
        const wide = Math.min(34, room * 0.66);
        svg.append(shape("rect", { x: left + room * (i + 0.5) - wide / 2, y, width: wide, height: tall, rx: 2, class: "tint-" + series[s].tint },
          shape("title", {}, (r.title || r.label) + " · " + series[s].name + ": " + write(v))));
      });
    });
    labels(svg, rows, (i) => left + room * (i + 0.5), height - 6, width - left);
  });
}
/** Lines over a line of labels. @param {string} title @param {ChartRow[]} rows @param {Series[]} series */
export function linesChart(title, rows, series, write = plainNumber, height = 200) {
  const top = Math.max(1, ...rows.flatMap((r) => r.values.map((v) => v || 0)));
  return drawn(title, rows, series, write, height, (svg, width) => {
    const left = 42, bottom = 24, room = (width - left - 8) / Math.max(1, rows.length - 1);
    axis(svg, width, height, left, bottom, top, write);
    const x = (i) => left + room * i, y = (v) => height - bottom - v / top * (height - bottom - 12);
    series.forEach((s, k) => {
      const points = rows.map((r, i) => r.values[k] === null ? null : x(i) + "," + y(r.values[k])).filter(Boolean).join(" ");
      svg.append(shape("polyline", { points, class: "line tint-" + s.tint }));
      if (rows.length < 40)
        rows.forEach((r, i) => {
          if (r.values[k] !== null)
            svg.append(shape("circle", { cx: x(i), cy: y(r.values[k]), r: 2.6, class: "point tint-" + s.tint },
              shape("title", {}, (r.title || r.label) + " · " + s.name + ": " + write(r.values[k]))));
        });
    });
    labels(svg, rows, x, height - 6, width - left);
  });
}
/** Bars from left to right, the longest first where the order does not matter. @param {string} title @param {ChartRow[]} rows */
export function barsChart(title, rows, tint = "0", write = plainNumber, name = "Number") {
  const top = Math.max(1, ...rows.map((r) => r.values[0] || 0)), height = Math.max(30, rows.length * 30);
  return drawn(title, rows, [{ name, tint }], write, height, (svg, width) => {
    const left = Math.min(150, width * 0.36), room = width - left - 56;
    rows.forEach((r, i) => {
      const long = Math.max(2, (r.values[0] || 0) / top * room);
      svg.append(shape("text", { x: left - 8, y: i * 30 + 20, "text-anchor": "end", class: "axis-text" },
        r.label.length > 22 ? r.label.slice(0, 21) + "…" : r.label));
      svg.append(shape("rect", { x: left, y: i * 30 + 6, width: long, height: 20, rx: 3, class: "tint-" + tint }));
      svg.append(shape("text", { x: left + long + 6, y: i * 30 + 20, class: "axis-value" }, write(r.values[0] || 0)));
    });
  });
}
