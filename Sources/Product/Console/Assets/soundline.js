// Who spoke when, and how long the caller waited: a picture of one call.

import { h, shape } from "./dom.js";
import { clock, words } from "./words.js";

const WIDTH = 900, LEFT = 60;

/** @param {any} call @param {(number: number) => void} jump to the turn of this number */
export function soundline(call, jump) {
  const turns = call.turns || [], ear = call.ear || {};
  const answers = ear.responses || [], barges = ear.barge_ins || [], consults = call.consults || [];
  const end =
    Math.max(1000, ...turns.map((t) => t.ended_ms || 0), ...answers.map((a) => a.first_audio_ms || 0), ...consults.map((c) => c.ended_ms || 0));
  const x = (ms) => LEFT + (ms || 0) / end * (WIDTH - LEFT - 10);
  const titled = (node, text) => {
    node.append(shape("title", {}, text));
    return node;
  };
  const svg = shape("svg", {
    viewBox: "0 0 " + WIDTH + " 118",
    role: "img",
    class: "soundline",
    "aria-label": "Who spoke when, and how long the caller waited. " + delays(call)
  });
  for (const [label, y] of [["Caller", 28], ["Agent", 58], ["Wait", 84]]) svg.append(shape("text", { x: 4, y, class: "axis-text" }, label));
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((s) => end / 1000 / s <= 12) || 600;
  for (let s = 0; s * 1000 <= end; s += step) {
    svg.append(shape("line", { x1: x(s * 1000), x2: x(s * 1000), y1: 10, y2: 92, class: "axis" }));
    if (x(s * 1000) < WIDTH - 30) svg.append(shape("text", { x: x(s * 1000) + 2, y: 108, class: "axis-text" }, clock(s * 1000)));
  }
  for (const consult of consults) {
    const from = x(consult.offered_ms ?? consult.asked_ms);
    svg.append(titled(
      shape("rect", { x: from, y: 10, height: 82, width: Math.max(2, x(consult.ended_ms) - from), class: "consult-band" }), consulted(consult)));
  }
  for (const turn of turns) {
    const from = x(turn.started_ms);
    const bar = shape("rect", {
      x: from,
      y: turn.speaker === "caller" ? 16 : 46,
      rx: 3,
      height: 16,
      width: Math.max(3, x(turn.ended_ms) - from),
      class: "said-" + (turn.interrupted ? "cut" : turn.speaker),
    });
    bar.addEventListener("click", () => jump(turn.number));
    svg.append(titled(bar, words(turn.speaker) + ": " + (turn.heard_text ?? turn.text)));
  }
  for (const answer of answers) {
    const ms = answer.first_audio_ms - answer.caller_ended_ms, from = x(answer.caller_ended_ms);
    svg.append(
      titled(shape("line", { x1: from, x2: Math.max(x(answer.first_audio_ms), from + 3), y1: 80, y2: 80, class: ms > 1500 ? "wait slow" : "wait" }),
        ms + " ms to the first word of " + (answer.filler_ms != null ? "a filler" : "the answer")));
  }
  for (const barge of barges)
    svg.append(
      titled(shape("circle", { cx: x(barge.detected_ms), cy: 54, r: 4, class: "barge" }), "Interrupted; " + barge.discarded_ms + " ms never heard"));
  return h("div", { class: "soundline-box", tabindex: "0", role: "region", "aria-label": "Timeline" }, svg);
}
export function consulted(consult) {
  const parts = ["“" + consult.question + "”", words(consult.ending)];
  for (const a of consult.answers || []) parts.push(words(a.specialist) + " " + words(a.outcome).toLowerCase());
  if (consult.agreed_ms != null && consult.spoken_ms != null)
    parts.push("answer began " + (consult.spoken_ms - consult.agreed_ms) + " ms after the yes");
  if (consult.follow_up) parts.push("follow-up: " + consult.follow_up);
  return clock(consult.asked_ms) + " · " + parts.join(" · ");
}
// Where a filler came first the answer has a time of its own, or none came.
const answered = (a) => a.answer_ms ?? (a.filler_ms == null ? a.first_audio_ms : null);

/** The figures of what the caller waited for, as a sentence. */
export function delays(call) {
  const ear = call.ear || {}, parts = [], first = ear.pickup_to_first_audio_ms;
  const waits = (name, moment) => {
    const ms = (ear.responses || []).filter((a) => moment(a) != null).map((a) => moment(a) - a.caller_ended_ms).sort((a, b) => a - b);
    if (ms.length) parts.push(name + " after " + ms[Math.floor(ms.length / 2)] + " ms (median), " + ms[ms.length - 1] + " ms (longest)");
  };
  if (first != null) parts.push("first word after " + first + " ms");
  waits("answers", answered);
  waits("fillers", (a) => a.filler_ms);
  if (ear.longest_silence_ms != null) parts.push("longest silence " + ear.longest_silence_ms + " ms");
  if ((ear.barge_ins || []).length) parts.push(ear.barge_ins.length + " interruption(s)");
  return parts.join(" · ") || "Not measured.";
}
