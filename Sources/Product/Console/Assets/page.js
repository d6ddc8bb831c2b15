// Building the page. Everything a caller or the database says goes through `textContent`: no markup is ever made from it.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} id @returns {any} */
export const $ = (id) => document.getElementById(id);

export function el(name, text, kind) {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) node.textContent = text;
  if (kind) node.className = kind;
  return node;
}
export function shape(name, fields) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(fields)) node.setAttribute(key, value);
  return node;
}

// What is drawn anew keeps the focus that was in it.
export function redraw(box, nodes, find) {
  const held = box.contains(document.activeElement) ? document.activeElement : null;
  box.replaceChildren(...nodes);
  if (held) (find(held) || box.closest("[tabindex]") || $("list")).focus({ preventScroll: true });
}

export function rows(title, entries, line) {
  if (!entries || !entries.length) return [];
  const box = el("ol");
  for (const entry of entries) box.append(el("li", line(entry)));
  return [el("h2", title), box];
}

export function header(text, scope) {
  const cell = el("th", text);
  cell.scope = scope;
  return cell;
}
