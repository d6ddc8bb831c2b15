// One call now: through the gate that says who may be called when.

import { openEditor } from "./editor.js";
import { phone } from "./words.js";
import { toast } from "./toast.js";

/** @param {{to?: string, contact_id?: string}} [value] */
export function placeCall(value = {}) {
  openEditor({
    path: "/api/v1/calls",
    title: "Call a number",
    value,
    kind: "drawer",
    order: ["to", "purpose", "from", "reason", "on_machine", "voicemail_message", "menu_key"],
    labels: { to: "Number", from: "Our number", reason: "What it is about", on_machine: "Where a machine answers", menu_key: "Key in a menu" },
    done: (call) => toast("Calling " + phone(call.to) + ". It is among the live calls when it rings."),
  });
}
