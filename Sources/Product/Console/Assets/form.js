// A form made of a schema: a field for each property, checked by the browser and then by the API, whose mistakes stand at their fields.

import { Refusal } from "./api.js";
import { fill, freshID, h } from "./dom.js";
import { icon } from "./icons.js";
import { finder, REFERENCES } from "./finder.js";
import { words } from "./words.js";

/** Of an instant, what a field of the viewer's zone shows, and the other way about. */
const local = (text) => {
  if (!text) return "";
  const at = new Date(text);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};
const LONG = [
  "notes", "summary", "description", "prompt", "content", "greeting", "greeting_known", "greeting_outbound", "apology", "fallback_message",
  "voicemail_message", "ai_recommendation"
];

/**
 * A box with its own reading and writing.
 * @typedef {{node: any, read: () => any, mark?: any, isGroup?: boolean, fields?: Record<string, any>}} Field
 */

/** @returns {Field} */
function choice(id, schema, value, isRequired) {
  const box = h("select", { id, class: "input", required: isRequired });
  if (!isRequired || value === undefined || value === null) box.append(h("option", { value: "" }, isRequired ? "Choose…" : "–"));
  for (const option of schema.enum) box.append(h("option", { value: option }, words(option)));
  box.value = value ?? "";
  return { node: box, read: () => box.value === "" ? null : schema.type === "integer" ? Number(box.value) : box.value };
}
/** @returns {Field} */
function several(id, schema, value, name) {
  const options = schema.items && schema.items.enum;
  if (options) {
    const boxes = options.map((option) => h("label", { class: "check" }, h("input", {
      type: "checkbox",
      value: option,
      checked: (value || []).includes(option),
    }),
                                words(option)));
    const node = h("div", { class: "checks", id, role: "group" }, boxes);
    return { node, read: () => [...node.querySelectorAll("input:checked")].map((n) => n.value) };
  }
  // What may hold a comma itself stands a line each.
  const isLines = name === "field_options" || (value || []).some((one) => String(one).includes(","));
  const box = h(isLines ? "textarea" : "input", {
    id,
    class: "input",
    rows: isLines ? 4 : null,
    value: (value || []).join(isLines ? "\n" : ", "),
    placeholder: isLines ? "a line each" : "one, two, three",
    autocomplete: "off",
  });
  return { node: box, read: () => box.value.split(isLines ? "\n" : ",").map((t) => t.trim()).filter(Boolean) };
}
/** @returns {Field} */
function pairs(id, value) {
  const text = Object.entries(value || {}).map(([k, v]) => k + " = " + (typeof v === "string" ? v : JSON.stringify(v))).join("\n");
  const box = h("textarea", { id, class: "input", rows: 3, placeholder: "name = value, a line each", value: text });
  return {
    node: box,
    read: () => Object.fromEntries(
      box.value.split("\n").map((l) => l.split("=")).filter((p) => p.length > 1 && p[0].trim()).map(([k, ...v]) => [k.trim(), v.join("=").trim()])),
  };
}
/** @returns {Field} */
function entries(schema, value, more) {
  const list = h("div", { class: "entries" });
  /** @type {Field[]} */
  const rows = [];
  const add = (given) => {
    const inner = fields(schema.items, given || {}, {...more, order: null });
    rows.push(inner);
    const row = h("div", { class: "entry" }, inner.node,
      h("button", {
        type: "button",
        class: "button quiet icon-only",
        "aria-label": "Remove this one",
        onclick: () => {
          rows.splice(rows.indexOf(inner), 1);
          row.remove();
        },
      },
        icon("trash")));
    list.append(row);
  };
  for (const one of value || []) add(one);
  const node = h("div", null, list, h("button", { type: "button", class: "button", onclick: () => add(null) }, icon("plus"), "Add"));
  return { node, read: () => rows.map((r) => r.read()), isGroup: true };
}
/** @returns {Field} */
function field(id, name, schema, value, isRequired, more) {
  const own = more.kinds && more.kinds[name];
  if (own) return own(id, value, schema);
  if (schema.properties) return {...fields(schema, value || {}, {...more, order: null, hide: [] }), isGroup: true };
  if (schema.enum) return choice(id, schema, value ?? schema.default, isRequired);
  if (schema.type === "boolean") {
    const box = h("input", { id, type: "checkbox", class: "switch", role: "switch", checked: value ?? schema.default ?? name === "is_active" });
    // What was never answered is not a no, until somebody says so.
    let isAnswered = isRequired || box.checked || (value ?? schema.default ?? null) !== null;
    box.addEventListener("change", () => {
      isAnswered = true;
    });
    return { node: box, read: () => isAnswered ? box.checked : null };
  }
  if (schema.type === "array") { return schema.items && schema.items.properties ? entries(schema, value, more) : several(id, schema, value, name); }
  if (schema.type === "object") return pairs(id, value);
  if (schema.format === "uuid" && REFERENCES[name]) return finder(id, REFERENCES[name], value, isRequired);
  const isNumber = schema.type === "integer" || schema.type === "number";
  const isMoment = schema.format === "date-time";
  const isLong = LONG.includes(name) || (schema.maxLength || 0) > 1000;
  const box = h(isLong ? "textarea" : "input", {
    id,
    class: "input",
    required: isRequired,
    autocomplete: "off",
    rows: isLong ? name === "prompt" ? 10 : 3 : null,
    type: isLong                  ? null
      : isNumber                  ? "number"
      : isMoment                  ? "datetime-local"
      : schema.format === "date"  ? "date"
      : schema.format === "email" ? "email"
      : schema.format === "phone" ? "tel"
                                  : "text",
    min: isNumber ? schema.minimum : null,
    max: isNumber ? schema.maximum : null,
    step: schema.type === "number" ? "any" : null,
    maxlength: schema.maxLength,
    minlength: isRequired ? schema.minLength : null,
    value: isMoment ? local(value) : value ?? schema.default ?? "",
  });
  return {
    node: box,
    read: () => {
      const text = box.value.trim();
      if (text === "") return schema.isNullable || isNumber || isMoment || schema.format ? null : "";
      return isNumber ? Number(text) : isMoment ? text === local(value) ? value : new Date(text).toISOString() : text;
    },
  };
}
/**
 * The fields of an object.
 * @param {any} schema @param {any} value
 * @param {{order?: string[]|null, hide?: string[], labels?: Record<string, string>, kinds?: any}} more
 */
function fields(schema, value, more) {
  // What has no fields of its own to choose from comes last.
  const isLoose = (name) => schema.properties[name].type === "object" && !schema.properties[name].properties;
  const names = more.order || Object.keys(schema.properties || {}).sort((a, b) => Number(isLoose(a)) - Number(isLoose(b)));
  /** @type {Record<string, Field & {required: boolean}>} */
  const made = {};
  const node = h("div", { class: "fields" });
  for (const name of names) {
    const one = (schema.properties || {})[name];
    if (!one || (more.hide || []).includes(name)) continue;
    const id = freshID("field"), label = (more.labels || {})[name] || words(name.replace(/_id$/, ""));
    const isRequired = (schema.required || []).includes(name);
    const inner = field(id, name, one, value[name], isRequired, more);
    const mark = h("p", { class: "mistake", id: id + "-mistake" });
    const help = one.description && h("p", { class: "help", id: id + "-help" }, one.description);
    made[name] = {...inner, mark, required: isRequired };
    if (inner.isGroup) {
      node.append(h("fieldset", { class: "group" }, h("legend", null, label), help, inner.node, mark));
      continue;
    }
    inner.node.setAttribute("aria-describedby", (help ? id + "-help " : "") + id + "-mistake");
    const isSwitch = one.type === "boolean";
    node.append(h("div", { class: "field" + (isSwitch ? " field-switch" : "") + (inner.node.tagName === "TEXTAREA" ? " field-long" : "") },
      inner.node.role === "group" ? h("span", { class: "label" }, label) : h("label", { for: id
      }, label, isRequired && h("span", { class: "must", "aria-hidden": "true" }, " *")), inner.node, help, mark));
    if (inner.node.role === "group") inner.node.setAttribute("aria-label", label);
  }
  const read = () => {
    /** @type {Record<string, any>} */
    const out = {};
    for (const [name, one] of Object.entries(made)) {
      const got = one.read();
      if (one.isGroup && got && !Array.isArray(got) && !Object.keys(got).length) continue;
      const isNothing = got === null || got === "" || typeof got === "object" && !Object.keys(got).length;
      if (isNothing && !one.required && (value[name] === undefined || value[name] === null)) continue;
      out[name] = got;
    }
    return out;
  };
  return { node, read, fields: made };
}
const sorted = (value) => Array.isArray(value)         ? value.map(sorted)
  : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((k) => [k, sorted(value[k])]))
                                       : value;
/** Whether two values say the same, in whatever order their fields stand. */
export const same = (a, b) => JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null));

/**
 * @param {any} schema @param {any} value what there is; fields of a change hold it @param {any} more
 * @returns {{node: any, read: () => any, changes: () => any, blame: (error: any) => void, check: () => boolean}}
 */
export function formOf(schema, value, more = {}) {
  const made = fields(schema, value || {}, more);
  // What nobody touched is not a change, however a box writes it.
  const first = made.read();
  const top = h("div", { class: "form-trouble", role: "alert" });
  const node = h("form", { class: "form", id: freshID("form"), novalidate: true }, top, made.node);
  const place = (pointer) => {
    let at = made.fields, found = null;
    for (const part of pointer.split("/").filter(Boolean)) {
      const one = at && at[part];
      if (!one) break;
      found = one;
      at = one.fields;
    }
    return found;
  };
  const forget = () => {
    fill(top);
    for (const mark of node.querySelectorAll(".mistake")) mark.textContent = "";
    for (const box of node.querySelectorAll("[aria-invalid]")) box.removeAttribute("aria-invalid");
  };
  return {
    node,
    read: made.read,
    changes: () => Object.fromEntries(Object.entries(made.read()).filter(([k, v]) => !same(v, first[k]))),
    check: () => {
      forget();
      let first = null;
      for (const box of node.querySelectorAll("input,select,textarea")) {
        if (box.validity.valid) continue;
        box.setAttribute("aria-invalid", "true");
        const mark = document.getElementById(box.id + "-mistake");
        if (mark) mark.textContent = box.validationMessage;
        first = first || box;
      }
      if (first) first.focus();
      return !first;
    },
    blame: (error) => {
      forget();
      const errors = error instanceof Refusal ? error.errors : [];
      let first = null;
      const rest = [];
      for (const one of errors) {
        const found = place(one.pointer || "/" + (one.parameter || ""));
        if (!found) {
          rest.push((one.pointer || one.parameter || "") + ": " + one.detail);
          continue;
        }
        found.mark.textContent = one.detail;
        if (found.node.setAttribute) found.node.setAttribute("aria-invalid", "true");
        first = first || found.node;
      }
      fill(top, h("p", null, error.message), rest.map((t) => h("p", null, t)), !errors.length && error.advice && h("p", null, error.advice));
      if (first) (first.matches("input,select,textarea") ? first : first.querySelector("input,select,textarea") || first).focus();
      else top.scrollIntoView({ block: "nearest" });
    },
  };
}
