// Asking the API, and what its refusals mean.

import { current } from "./session.js";

/** A refusal of the API, or of the line to it (status 0). */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.detail || body.title || "The answer was " + status + ".");
    this.status = status;
    this.title = body.title || "";
    /** @type {{pointer?: string, parameter?: string, detail: string}[]} */
    this.errors = body.errors || [];
    this.retryAfter = body.retryAfter || 0;
    this.request = body.request || "";
    /** Whether it was only asked for something: that may be repeated. */
    this.isRead = body.isRead || false;
  }
  /** What whoever sees it can do. */
  get advice() {
    switch (this.status) {
      case 0:
        return this.isRead ? "Check your connection; it is asked for again when you are back." : "Check your connection, then try again.";
      case 401:
        return "Sign in again; you will come back to this page.";
      case 403:
        return "Your role does not allow this. An administrator can change it.";
      case 404:
        return "It was deleted, or is not yours to see.";
      case 409:
        return "Look at how it stands now, then decide.";
      case 412:
        return "Somebody changed it meanwhile. Look at it again before you save.";
      case 422:
      case 400:
        return "Correct what is marked and try again.";
      case 429:
        return "Wait " + (this.retryAfter || "a few") + " seconds, then try again.";
      default:
        return this.status >= 500 ? "Try again in a moment. If it stays, tell your operator the number " + (this.request || "of the request") + "."
                                  : "";
    }
  }
}

const watchers = {
  signedOut: () => {},
  line: (/** @type {boolean} */ _isUp) => {}
};
/** @param {Partial<typeof watchers>} more */
export function watchLine(more) { Object.assign(watchers, more); }
/** For what learns it by itself, while nothing else is asked. */
export const sessionIsOver = () => watchers.signedOut();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** What is asked of `path`: an object's fields, without those that say nothing. */
export function address(path, query) {
  const pairs = Object.entries(query || {}).filter(([, v]) => v !== null && v !== undefined && v !== "" && v !== false);
  if (!pairs.length) return path;
  const text = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString();
  return path + (path.includes("?") ? "&" : "?") + text;
}
/** Nobody else's: a page that came by http from another machine is given no `randomUUID`. */
const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
/**
 * @param {string} method @param {string} path
 * @param {{query?: any, body?: any, tag?: string|null, match?: string|null, signal?: AbortSignal, keepalive?: boolean}} [more]
 * @returns {Promise<{status: number, body: any, tag: string|null, headers: Headers}>} a body of null with 204 and 304
 */
export async function ask(method, path, more = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (current()) headers.authorization = "Bearer " + current();
  if (more.tag) headers["if-none-match"] = more.tag;
  if (more.match) headers["if-match"] = more.match;
  if (more.body !== undefined) headers["content-type"] = "application/json";
  if (method === "POST" && more.body !== undefined && /^\/api\/v1\/(?!api-keys|tenants|users\/[^/]+\/invite)/.test(path))
    headers["idempotency-key"] = freshKey();
  const body = more.body === undefined ? undefined : JSON.stringify(more.body);
  let answer;
  for (let tries = 0;; tries++) {
    try {
      answer = await fetch(address(path, more.query), {
        method,
        headers,
        body,
        cache: "no-store",
        credentials: current() ? "omit" : "same-origin",
        signal: more.signal,
        keepalive: more.keepalive,
      });
    } catch (error) {
      if (more.signal && more.signal.aborted) throw error;
      watchers.line(false);
      throw new Refusal(0, { title: "No connection", detail: "The gateway cannot be reached.", isRead: method === "GET" });
    }
    const after = Number(answer.headers.get("retry-after")) || 1;
    // Reading may be repeated; so many at once come of a page that asks for several things.
    if (answer.status !== 429 || method !== "GET" || tries > 2 || after > 3) break;
    await wait(after * 1000);
  }
  watchers.line(true);
  const isJSON = /^application\/(problem\+)?json/.test(answer.headers.get("content-type") || "");
  if (answer.ok || answer.status === 304) {
    const got = answer.status === 204 || answer.status === 304 ? null : isJSON ? await answer.json() : await answer.text();
    return { status: answer.status, body: got, tag: answer.headers.get("etag"), headers: answer.headers };
  }
  const told = isJSON ? await answer.json().catch(() => ({})) : { detail: answer.statusText };
  told.retryAfter = Number(answer.headers.get("retry-after")) || 0;
  told.request = answer.headers.get("x-request-id") || "";
  if (answer.status === 401 && !path.startsWith("/api/auth/")) watchers.signedOut();
  throw new Refusal(answer.status, told);
}
export const get = async (path, query, signal) => (await ask("GET", path, {query, signal})).body;
export const post = async (path, body, more) => (await ask("POST", path, {body: body || {}, ...more})).body;
export const change = async (path, body, match) => (await ask("PATCH", path, {body, match})).body;
export const remove = async (path, query, more) => (await ask("DELETE", path, {query, ...more})).body;

/** Rows that are looked up by id again and again, like users: read once for a while. */
const known = new Map();
export function lookUp(path, maxAgeMs = 60000) {
  const held = known.get(path);
  if (held && Date.now() - held.at < maxAgeMs) return held.answer;
  const answer = get(path);
  known.set(path, { at: Date.now(), answer });
  answer.catch(() => known.delete(path));
  return answer;
}
export function forgetKnown() { known.clear(); }
