// What the caller said of budget, authority, need and timeline, with the words that show it; a quote leads to its turn.

import {h} from "./dom.js";
import { clock, money, percent, words } from "./words.js";

/** @param {any} call with `extraction` and `lead`, or with `qualification` alone @param {((number: number) => void) | null} jump */
export function bant(call, jump) {
  const found = (call.extraction && call.extraction.bant) || {};
  const lead = call.lead || {}, kept = lead.qualification || {};
  return h("div", { class: "bant" }, ["budget", "authority", "need", "timeline"].map((field) => {
    const here = found[field];
    const finding = here && here.value !== "unknown" ? here : kept[field] || here || {};
    const amount = field === "budget" ? found.budget_amount ?? (kept.budget || {}).amount : null;
    const value = finding.value || lead[field] || "unknown";
    const proofs = finding.evidence || [];
    return h("section", { class: "bant-part" + (value === "unknown" ? " bant-none" : "") },
      h("div", { class: "bant-head" }, h("h3", null, words(field)),
        finding.confidence ? h("small", { title: "How sure" }, percent(finding.confidence)) : null),
      h("p", { class: "bant-value" }, words(value), amount != null && h("span", { class: "dim" }, " " + money(amount, lead.currency))),
      proofs.map((proof) => jump ? h("button", { type: "button", class: "quote", onclick: () => jump(proof.turn_number) },
                                     h("q", { dir: "auto" }, proof.words), h("small", null, clock(proof.started_ms)))
                                 : h("div", { class: "quote" }, h("q", { dir: "auto" }, proof.words),
                                     finding.call_id && h("a", { href: "#/calls/" + finding.call_id }, clock(proof.started_ms)))),
      !proofs.length && h("small", null, "Nothing was said."));
  }));
}
