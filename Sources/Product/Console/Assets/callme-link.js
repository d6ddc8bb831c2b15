// The page "Call me" in this console: at `#/call-me`, by a link in the header.

import { page } from "./callme.js";
import { el } from "./callme-parts.js";
import { $ } from "./page.js";

const ADDRESS = "#/call-me";
const link = el("a", "Call me", "cm-link"), place = el("div");
let leaving = null;

function follow() {
  const isHere = location.hash === ADDRESS && !$("leave").hidden;
  if (isHere === !!leaving) return;
  if (leaving) leaving.abort();
  leaving = isHere ? new AbortController() : null;
  if (leaving) page(place, { signal: leaving.signal });
  place.hidden = !isHere;
  $("room").hidden = isHere || $("leave").hidden;
  link.href = isHere ? "#" : ADDRESS;
  link.textContent = isHere ? "Calls" : "Call me";
}
link.href = ADDRESS;
place.hidden = true;
$("leave").before(link);
$("room").after(place);
addEventListener("hashchange", follow);
// Who signs in or out is at another page.
new MutationObserver(follow).observe($("leave"), { attributes: true, attributeFilter: ["hidden"] });
follow();
