// Who is called, what about, when, how fast, by which rules: with what would become of it beside.

import { ask, change, post, Refusal } from "./api.js";
import { fill, h, settled } from "./dom.js";
import { bothChanged } from "./editor.js";
import { formOf } from "./form.js";
import { badge, button, card, facts, heading, once, skeleton } from "./parts.js";
import { go } from "./router.js";
import { bodyOf } from "./schema.js";
import { toast } from "./toast.js";
import { nameOf, number, phone } from "./words.js";

/** @type {[string, string[]][]} */
const PARTS = [
  ["What", ["name", "purpose", "description", "goal_type", "goal_target"]],
  ["Who", ["target_criteria"]],
  ["When", ["starts_at", "ends_at", "schedule"]],
  ["Pace and money", ["pace", "budget", "caller_ids"]],
  ["Rules of each call", ["rules"]],
];
const DAYS = [
  ["mon_fri", "Monday to Friday"], ["sat", "Saturday"], ["sun", "Sunday"], ["mon", "Monday"], ["tue", "Tuesday"], ["wed", "Wednesday"],
  ["thu", "Thursday"], ["fri", "Friday"]
];

/** Hours by days: two times each, or none. */
function hours(id, value) {
  const had = (value && value.hours) || {}, rows = [];
  const node = h("div", { class: "hours", id, role: "group", "aria-label": "Hours" }, DAYS.map(([key, name]) => {
    const times = had[key] || [];
    const from = h("input", { type: "time", class: "input", value: times[0] || "", "aria-label": name + ", from" }),
          to = h("input", { type: "time", class: "input", value: times[1] || "", "aria-label": name + ", to" });
    rows.push([key, from, to]);
    return h("div", { class: "hours-row" }, h("span", { class: "hours-day" }, name), from, "to", to);
  }),
    h("p", { class: "help" }, "By the clocks of those who are called. The rules of calling hold besides: a wider time changes nothing."));
  return {
    node,
    isGroup: true,
    read: () => {
      const said = Object.fromEntries(rows.filter(([, a, b]) => a.value && b.value).map(([k, a, b]) => [k, [a.value, b.value]]));
      const cleared = Object.fromEntries(Object.keys(had).filter((k) => had[k] && !said[k]).map((k) => [k, null]));
      return Object.keys(said).length || Object.keys(cleared).length ? { hours: {...cleared, ...said } } : {};
    },
  };
}
/** @param {any} container */
export async function page(container, {params, signal, title}) {
  const isNew = params.id === "new";
  const [schema, got] = await Promise.all([
    bodyOf(isNew ? "POST" : "PATCH", "/api/v1/campaigns" + (isNew ? "" : "/{id}")),
    isNew ? null : ask("GET", "/api/v1/campaigns/" + params.id, { signal })
  ]);
  const value = got ? got.body : { pace: { mode: "progressive", calls_max: 5 }, purpose: "marketing" };
  let tag = got ? got.tag : null, before = value;
  const heads = isNew ? "New campaign" : "Change " + value.name;
  title(heads);
  const forms = PARTS.map(([name, order]) => ({
    name,
    made: formOf(schema, value, {
      order,
      kinds: { schedule: hours },
      labels: { caller_ids: "Numbers to call from", target_criteria: "Whom", starts_at: "Not before", ends_at: "Not after" }
    })
  }));
  const outlook = h("div", null);
  const read = () => Object.assign({}, ...forms.map((f) => f.made.read()));
  async function preview() {
    const criteria = read().target_criteria || null;
    fill(outlook, skeleton(3));
    try {
      const found = await post("/api/v1/campaigns/targeting/preview", { criteria, campaign_id: isNew ? null : params.id }, { signal });
      fill(outlook, h("p", { class: "figure-value" }, number(found.count)), h("p", { class: "dim" }, "would be enrolled"),
        facts(
          [
            ["Left alone", number(found.excluded.do_not_contact)], ["Without a number", number(found.excluded.no_number)],
            ["Enrolled already", number(found.excluded.already_enrolled)]
          ],
          true),
        h("ul", { class: "lines" },
          found.sample.slice(0, 6).map(
            (one) => h("li", null, h("div", { class: "line-main" }, h("span", null, nameOf(one)), h("small", null, phone(one.phone)))))));
    } catch (error) {
      if (error.name !== "AbortError") fill(outlook, h("p", { class: "bad" }, error.message));
    }
  }
  async function save() {
    if (!forms.every((f) => f.made.check())) return;
    try {
      await send(isNew ? read() : Object.assign({}, ...forms.map((f) => f.made.changes())));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const first = (error.errors[0] || {}).pointer || "";
      const at = Math.max(0, PARTS.findIndex(([, names]) => names.some((n) => first.startsWith("/" + n))));
      forms[at].made.blame(error);
    }
  }
  async function send(body) {
    let row;
    try {
      row = isNew ? await post("/api/v1/campaigns", body) : await change("/api/v1/campaigns/" + params.id, body, tag);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 412) throw error;
      const now = await bothChanged("/api/v1/campaigns/" + params.id, before, body, PARTS.flatMap(([, names]) => names));
      tag = now.tag;
      before = now.body;
      if (now.isSure) await send(body);
      return;
    }
    toast(isNew ? "Made. Enroll people and start it." : "Saved.");
    if (!signal.aborted) go("/campaigns/" + row.id);
  }
  const saveOnce = once(save);
  const soon = settled(600, preview);
  fill(container, heading(heads, {
    back: { path: isNew ? "/campaigns" : "/campaigns/" + params.id, title: isNew ? "Campaigns" : value.name },
    under: got && badge(value.status),
    actions: button(isNew ? "Create" : "Save", { kind: "primary", icon: "check", onclick: saveOnce })
  }),
    h("div", { class: "split" }, h("div", null, forms.map((f) => card(f.name, f.made.node))), h("div", null, card("Who that is", outlook))));
  forms[1].made.node.addEventListener("change", soon);
  for (const f of forms)
    f.made.node.addEventListener("submit", (event) => {
      event.preventDefault();
      saveOnce(event);
    });
  preview();
}
