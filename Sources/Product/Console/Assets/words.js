// How values are written for people.

export const when = (text) => text ? new Date(text).toLocaleString() : "–";
export const words = (text) => (text || "").replaceAll("_", " ");
export const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  return Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0") + "." + Math.floor(ms % 1000 / 100);
};
export const mood = (outcome) =>
  ["meeting_booked", "qualified", "transferred", "follow_up_agreed"].includes(outcome) ? "good"
  : ["failed", "interrupted", "do_not_call"].includes(outcome) ? "bad" : "warn";
