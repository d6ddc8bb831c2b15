// Who a user's id is, as far as one may know.

import { lookUp } from "./api.js";
import {h} from "./dom.js";
import { face } from "./parts.js";
import { may, me } from "./session.js";

/** All users of the tenant; nobody where one may not know them. @returns {Promise<Map<string, any>>} */
export async function people() {
  const map = new Map();
  const own = me() && me().user;
  if (own) map.set(own.id, own);
  if (!may("manager")) return map;
  try {
    for (const user of (await lookUp("/api/v1/users?limit=200")).data) map.set(user.id, user);
  } catch { /* then ids stay ids */
  }
  return map;
}
/** @param {Map<string, any>} everybody */
export function person(everybody, id) {
  if (!id) return h("span", { class: "dim" }, "Nobody");
  const user = everybody.get(id);
  if (!user) return h("span", { class: "dim" }, "Somebody else");
  return h("span", { class: "with-face" }, face(user.full_name), h("span", null, user.full_name));
}
