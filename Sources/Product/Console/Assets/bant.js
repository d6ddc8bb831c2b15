// What the caller said of budget, authority, need and timeline, with the words that show it.

import { el, header } from "./page.js";
import { clock, words } from "./words.js";

function quotes(finding) {
  const cell = el("td");
  for (const proof of (finding && finding.evidence) || []) {
    const place = " " + words(proof.speaker) + " at " + clock(proof.started_ms || 0);
    cell.append(el("q", proof.words), el("small", place), el("br"));
  }
  if (!cell.childNodes.length) cell.append(el("small", "nothing was said"));
  return cell;
}
export function bant(call) {
  const found = (call.extraction && call.extraction.bant) || {};
  const lead = call.lead || {}, kept = lead.qualification || {};
  const table = el("table"), head = el("thead"), body = el("tbody"), titles = el("tr");
  titles.append(el("td"));
  for (const title of ["Value", "Sure", "In their words"]) titles.append(header(title, "col"));
  head.append(titles);
  table.append(head, body);
  for (const field of ["budget", "authority", "need", "timeline"]) {
    const here = found[field];
    const finding = here && here.value !== "unknown" ? here : kept[field] || here || {};
    const row = el("tr");
    const amount = field === "budget" ? found.budget_amount ?? kept.budget?.amount : null;
    let value = words(finding.value || lead[field] || "unknown");
    if (amount != null) value += " (" + Number(amount).toLocaleString() + " " + (lead.currency || "") + ")";
    row.append(header(field, "row"), el("td", value));
    const sure = finding.confidence ? Math.round(finding.confidence * 100) + " %" : "–";
    row.append(el("td", sure), quotes(finding));
    body.append(row);
  }
  return table;
}
