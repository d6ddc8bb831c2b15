// What happened, the newest first: a line with a picture for each.

import { get } from "./api.js";
import {h} from "./dom.js";
import { icon } from "./icons.js";
import { button, empty, moment, skeleton, trouble } from "./parts.js";
import { link } from "./router.js";
import { sentence } from "./words.js";

const PICTURES = {
  call: "calls",
  activity: "work",
  meeting: "calendar",
  consent: "shield",
  stage_change: "swap",
  interaction: "note",
  message: "note",
  note: "note",
};
/** @param {any} entry of a timeline: kind, at, title, text, details */
export function feedEntry(entry) {
  const call = entry.kind === "call" ? entry.id : entry.call_id || (entry.details || {}).call_id;
  return h("li", { class: "feed-entry" }, h("span", { class: "feed-icon kind-" + entry.kind }, icon(PICTURES[entry.kind] || "work")),
    h("div", { class: "feed-words" },
      h("div", { class: "feed-head" },
        call ? h("a", { href: link("/calls/" + call) }, sentence(entry.title)) : h("strong", null, sentence(entry.title)), moment(entry.at)),
      entry.text && h("p", null, entry.text)));
}
/** A list of them that goes on as far back as one wants. */
export function feed(path, signal, query = {}) {
  const rows = h("ol", { class: "feed" }), foot = h("div", { class: "feed-foot" }, skeleton(4));
  const box = h("div", null, rows, foot);
  let isLoading = false;
  const more = async (cursor) => {
    // A second click asks for nothing twice.
    if (isLoading) return;
    isLoading = true;
    try {
      const page = await get(path, { limit: 25, ...query, cursor }, signal);
      rows.append(...page.data.map(feedEntry));
      const isHeld = foot.contains(document.activeElement);
      foot.replaceChildren();
      if (page.next_cursor) foot.append(button("Older", { onclick: () => more(page.next_cursor) }));
      if (isHeld) foot.querySelector("button")?.focus();
      if (!rows.children.length) foot.append(empty("Nothing yet", "Calls, meetings and notes will stand here.", null, "work"));
    } catch (error) {
      if (error.name !== "AbortError") foot.replaceChildren(trouble(error, () => more(cursor)));
    } finally { isLoading = false; }
  };
  more(null);
  return box;
}
