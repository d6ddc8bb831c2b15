// Numbers by the day as rows of a chart.

import { day } from "./words.js";

const DAY_MS = 86400000;
const shortDay = (text) => day(text).replace(/,? \d{4}$/, "");

/** The day that it is at a moment where the viewer is, as a field for days wants it. */
export function localDay(at) {
  const two = (n) => String(n).padStart(2, "0");
  return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate());
}
/** A row for each of so many days up to today, also for those of which nothing is told. @param {any[]} told with `day` @param {(one: any) => number[]} values */
export function dayRows(told, count, values) {
  const known = new Map(told.map((one) => [one.day, one]));
  const last = [new Date().toISOString().slice(0, 10), ...known.keys()].sort().pop() || "";
  const end = Date.parse(last + "T00:00:00Z");
  return Array.from({ length: count }, (_, i) => {
    const key = new Date(end - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10);
    return { label: shortDay(key), title: day(key), values: values(known.get(key) || { calls: 0, successes: 0, duration_seconds: 0 }) };
  });
}
