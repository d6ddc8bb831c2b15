// Reading /api/v1.

import { current } from "./session.js";

export class SignedOut extends Error {}

/** Null where what is there has not changed since `tag`. */
export async function read(path, tag) {
  /** @type {Record<string, string>} */
  const headers = { authorization: "Bearer " + current() };
  if (tag) headers["if-none-match"] = tag;
  const answer = await fetch(path, { headers, cache: "no-store" });
  if (answer.status === 304) return null;
  if (answer.status === 401) throw new SignedOut("The token is not accepted, or has expired.");
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || answer.statusText);
  return { body, tag: answer.headers.get("etag") };
}
