// The page "Call me" in this console: at `#/call-me`, by a link in the header.

import { SignedOut, read } from "./api.js";
import { page } from "./callme.js";
import { $, el } from "./page.js";
import { current } from "./session.js";

const ADDRESS = "#/call-me";

const context = {
  read: async (path) => (await read(path)).body,
  async post(path) {
    const answer = await fetch(path, { method: "POST", headers: { authorization: "Bearer " + current() } });
    if (answer.status === 401) throw new SignedOut("The token is not accepted, or has expired.");
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail || answer.statusText);
    return body;
  },
  live(callSid, take) {
    const url = new URL("/api/v1/live?call=" + callSid, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, ["bearer", current()]);
    socket.onmessage = ({ data }) => take(JSON.parse(data));
    return () => socket.close();
  },
};

const link = el("a", "Call me", "cm-link"), place = el("div");
link.href = ADDRESS;
place.hidden = true;
$("leave").before(link);
$("room").after(place);
let leave = null;

function follow() {
  const isHere = location.hash === ADDRESS && !$("leave").hidden;
  if (isHere === !!leave) return;
  if (leave) leave();
  leave = isHere ? page(place, context) : null;
  place.hidden = !isHere;
  $("room").hidden = isHere || $("leave").hidden;
  link.href = isHere ? "#" : ADDRESS;
  link.textContent = isHere ? "Calls" : "Call me";
}
addEventListener("hashchange", follow);
// Who signs in or out is at another page.
new MutationObserver(follow).observe($("leave"), { attributes: true, attributeFilter: ["hidden"] });
follow();
