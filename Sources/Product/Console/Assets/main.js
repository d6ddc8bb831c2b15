// The console: one page that needs nothing but itself and /api/v1.

import { attempt, onSignedOut } from "./attempt.js";
import "./callme-link.js";
import { forgetCalls, list, showChosen } from "./calls.js";
import { stopWatching, watch } from "./live.js";
import { $ } from "./page.js";
import { current, forget, isToken, keep } from "./session.js";

function leave(why) {
  forget();
  stopWatching();
  forgetCalls();
  $("room").hidden = true;
  $("leave").hidden = true;
  $("ask").hidden = false;
  $("wrong").textContent = why || "";
  $("token").focus();
}
async function refresh() {
  if (!current()) return;
  await attempt(async () => {
    await list();
    await showChosen();
  });
}
async function start(isAsked) {
  if (!isToken(current())) return leave("That is no token: `parley token` prints one.");
  $("ask").hidden = true;
  $("wrong").textContent = "";
  $("room").hidden = false;
  $("leave").hidden = false;
  if (isAsked) $("list").focus();
  await refresh();
  if (current()) watch(refresh);
}

onSignedOut(leave);
$("leave").onclick = () => leave("");
$("ask").onsubmit = (event) => {
  event.preventDefault();
  keep($("token").value.trim());
  $("token").value = "";
  start(true);
};
setInterval(refresh, 5000);
if (current()) start(false); else leave("");
