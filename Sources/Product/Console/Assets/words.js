// How values are written for people: in their language's order and their zone's time.

const PLACE = navigator.language || "en";
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const SHORT = {
  mql: "MQL",
  sql: "SQL",
  id: "ID",
  url: "URL",
  api: "API",
  ai: "AI",
  sms: "SMS",
  utm: "UTM",
  sid: "SID",
  p1: "P1",
  p2: "P2",
  p3: "P3",
  q: "Words",
  whatsapp: "WhatsApp",
  csv: "CSV",
};
/** `meeting_booked` as "Meeting booked". */
export function words(text) {
  if (text === null || text === undefined || text === "") return "";
  const parts = String(text).replaceAll(/[_.]/g, " ").split(" ").map((w) => SHORT[w.toLowerCase()] || w.toLowerCase());
  const whole = parts.join(" ");
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}
/** A sentence as it was written, with a capital in front. */
export const sentence = (text) => text ? text.charAt(0).toUpperCase() + text.slice(1) : "";
/** As the database has it, where it is a code, "–" where there is nothing. */
export const shown = (text) => text === null || text === undefined || text === "" ? "–" : String(text);

const fullTime = new Intl.DateTimeFormat(PLACE, { dateStyle: "medium", timeStyle: "short" });
const dayTime = new Intl.DateTimeFormat(PLACE, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
const dayOnly = new Intl.DateTimeFormat(PLACE, { dateStyle: "medium" });
const timeOnly = new Intl.DateTimeFormat(PLACE, { hour: "numeric", minute: "2-digit" });
const since = new Intl.RelativeTimeFormat(PLACE, { numeric: "auto", style: "short" });

export const when = (text) => text ? fullTime.format(new Date(text)) : "–";
export const whenShort = (text) => text ? dayTime.format(new Date(text)) : "–";
/** A day without a time is the same in each zone. */
export const day = (text) => text ? dayOnly.format(new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text + "T12:00:00" : text)) : "–";
export const time = (text) => text ? timeOnly.format(new Date(text)) : "–";

const STEPS = [[60, "second"], [60, "minute"], [24, "hour"], [7, "day"], [4.35, "week"], [12, "month"], [1e9, "year"]];
/** "3 hr. ago", "in 2 days". */
export function ago(text) {
  if (!text) return "–";
  let left = (new Date(text).getTime() - Date.now()) / 1000;
  for (const [many, unit] of STEPS) {
    if (Math.abs(left) < Number(many)) return since.format(Math.round(left), /** @type {any} */ (unit));
    left /= Number(many);
  }
  return when(text);
}
/** A moment of a call: 1:05. */
export function clock(ms) {
  const s = Math.floor((ms || 0) / 1000);
  return Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
}
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.round(seconds);
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + String(s % 60).padStart(2, "0") + " s";
  return Math.floor(s / 3600) + " h " + String(Math.floor(s % 3600 / 60)).padStart(2, "0") + " min";
}
export const number = (n) => n === null || n === undefined ? "–" : new Intl.NumberFormat(PLACE).format(n);
export const percent = (share) => share === null || share === undefined
  ? "–"
  : new Intl.NumberFormat(PLACE, {style: "percent", maximumFractionDigits: share && share < 0.1 ? 1 : 0}).format(share);
export function money(amount, currency) {
  if (amount === null || amount === undefined) return "–";
  try {
    return new Intl
      .NumberFormat(PLACE, {
        style: "currency",
        currency: currency || "USD",
        maximumFractionDigits: amount % 1 ? 2 : 0,
      })
      .format(amount);
  } catch { return number(amount) + " " + currency; }
}
/** A number as people write it where it is a North American one. */
export function phone(text) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(text || "");
  return parts ? "+1 " + parts[1] + " " + parts[2] + " " + parts[3] : shown(text);
}
const GOOD = [
  "meeting_booked", "qualified", "transferred", "follow_up_agreed", "completed", "active", "delivered", "granted", "whole", "CUSTOMER", "closed_won",
  "sales_qualified", "marketing_qualified", "Completed", "positive", "P1", "opted_in", "done", "customer"
];
const BAD = [
  "failed", "interrupted", "do_not_call", "opted_out", "refused", "LOST", "closed_lost", "disqualified", "no_show", "stopped", "negative", "revoked",
  "left_alone", "urgent_overdue"
];
const WARN = [
  "not_interested", "voicemail", "no_speech", "paused", "waiting", "exhausted", "retry_at", "high", "urgent", "Rescheduled", "rescheduled", "P2",
  "nurture", "replaced"
];
const NEWS = ["ringing", "in_progress", "scheduled", "running", "in_call", "dialling", "Pending", "MQL", "SQL", "OPPORTUNITY", "loading"];
/** Which colour a state has. */
export function mood(state) {
  return GOOD.includes(state) ? "good" : BAD.includes(state) ? "bad" : WARN.includes(state) ? "warn" : NEWS.includes(state) ? "news" : "plain";
}
/** What to call a row of any table. */
export function nameOf(row) {
  if (!row) return "–";
  return row.contact_name || row.contact_person || row.full_name || row.client_name || row.name || row.title || row.label || row.business_name ||
    row.company_name || row.number || row.phone || row.email || row.contact_email || row.subject || row.id;
}
