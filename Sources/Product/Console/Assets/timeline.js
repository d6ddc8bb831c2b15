// Who spoke when, and how long the caller waited: a picture of one call.

import { shape } from "./page.js";
import { clock, words } from "./words.js";

export function timeline(call) {
  const turns = call.turns || [], ear = call.ear || {};
  const answers = ear.responses || [], barges = ear.barge_ins || [], consults = call.consults || [];
  const end = Math.max(1000, ...turns.map((t) => t.ended_ms), ...answers.map((a) => a.first_audio_ms),
    ...consults.map((c) => c.ended_ms));
  const width = 900, left = 60, x = (ms) => left + ms / end * (width - left - 10);
  const svg = shape("svg", { viewBox: "0 0 " + width + " 118", role: "img" });
  svg.append(shape("title", {}));
  svg.firstChild.textContent = "Who spoke when, and how long the caller waited";
  for (const [label, y] of [["Caller", 28], ["Agent", 58], ["Wait", 84]]) {
    const text = shape("text", { x: 4, y });
    text.textContent = label;
    svg.append(text);
  }
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((s) => end / 1000 / s <= 12) || 600;
  for (let s = 0; s * 1000 <= end; s += step) {
    svg.append(shape("line", { x1: x(s * 1000), x2: x(s * 1000), y1: 10, y2: 92, class: "axis" }));
    if (x(s * 1000) > width - 30) continue;
    const text = shape("text", { x: x(s * 1000) + 2, y: 108 });
    text.textContent = s + " s";
    svg.append(text);
  }
  for (const consult of consults) {
    const from = x(consult.offered_ms ?? consult.asked_ms);
    const band = shape("rect", {
      x: from, y: 10, height: 82, width: Math.max(2, x(consult.ended_ms) - from), class: "consult",
    });
    const title = shape("title", {});
    title.textContent = consulted(consult);
    band.append(title);
    svg.append(band);
  }
  for (const turn of turns) {
    const bar = shape("rect", {
      x: x(turn.started_ms), y: turn.speaker === "caller" ? 16 : 46, rx: 2, height: 16,
      width: Math.max(2, x(turn.ended_ms) - x(turn.started_ms)),
      class: "bar-" + (turn.interrupted ? "cut" : turn.speaker),
    });
    const title = shape("title", {});
    title.textContent = words(turn.speaker) + ": " + turn.heard_text;
    bar.append(title);
    svg.append(bar);
  }
  for (const answer of answers) {
    const ms = answer.first_audio_ms - answer.caller_ended_ms;
    const from = x(answer.caller_ended_ms);
    const line = shape("line", {
      x1: from, x2: Math.max(x(answer.first_audio_ms), from + 2), y1: 80, y2: 80,
      class: ms > 1500 ? "wait slow" : "wait",
    });
    const title = shape("title", {});
    title.textContent = ms + " ms to the first word of " + (answer.filler_ms != null ? "a filler" : "the answer");
    line.append(title);
    svg.append(line);
  }
  for (const barge of barges) {
    const dot = shape("circle", { cx: x(barge.detected_ms), cy: 54, r: 4, class: "barge" });
    const title = shape("title", {});
    title.textContent = "Interrupted; " + barge.discarded_ms + " ms never heard";
    dot.append(title);
    svg.append(dot);
  }
  return svg;
}
export function consulted(consult) {
  const parts = ["“" + consult.question + "”", words(consult.ending)];
  for (const a of consult.answers || []) parts.push(words(a.specialist) + " " + words(a.outcome));
  if (consult.agreed_ms != null && consult.spoken_ms != null) {
    parts.push("answer began " + (consult.spoken_ms - consult.agreed_ms) + " ms after the yes");
  }
  if (consult.follow_up) parts.push("follow-up: " + consult.follow_up);
  return clock(consult.asked_ms) + " · " + parts.join(" · ");
}

// Where a filler came first the answer has a time of its own, or none came.
function answered(a) {
  return a.answer_ms ?? (a.filler_ms == null ? a.first_audio_ms : null);
}
export function delays(call) {
  const ear = call.ear || {}, parts = [], first = ear.pickup_to_first_audio_ms;
  const waits = (name, moment) => {
    const ms = (ear.responses || []).filter((a) => moment(a) != null)
      .map((a) => moment(a) - a.caller_ended_ms).sort((a, b) => a - b);
    if (!ms.length) return;
    const median = ms[Math.floor(ms.length / 2)], longest = ms[ms.length - 1];
    parts.push(name + " after " + median + " ms (median), " + longest + " ms (longest)");
  };
  if (first != null) parts.push("first word after " + first + " ms");
  waits("answers", answered);
  waits("fillers", (a) => a.filler_ms);
  if (ear.longest_silence_ms != null) parts.push("longest silence " + ear.longest_silence_ms + " ms");
  if ((ear.barge_ins || []).length) parts.push(ear.barge_ins.length + " interruption(s)");
  return parts.join(" · ") || "Not measured.";
}
