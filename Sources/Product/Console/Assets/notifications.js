// What one was told of.

import { change } from "./api.js";
import { fill } from "./dom.js";
import { badge, button, heading } from "./parts.js";
import { column, resourceView } from "./resource.js";
import { link } from "./router.js";
import { notificationsChanged, readAll } from "./shell.js";
import { complain, toast } from "./toast.js";
import { words } from "./words.js";

/** Where that is which one was told of. */
function place(row) {
  const paths = { leads: "/leads/", campaigns: "/campaigns/", contacts: "/contacts/" };
  if (row.subject_table && paths[row.subject_table]) return paths[row.subject_table] + row.subject_id;
  return { follow_ups: "/desk/follow-ups",
    meetings: "/desk/meetings",
    webhook_endpoints: "/settings/webhooks",
    phone_numbers: "/settings/numbers" }[row.subject_table] ||
    "/notifications";
}
/** @param {any} container */
export async function page(container, {signal, query}) {
  const read = async (row, view, isRead) => {
    await change("/api/v1/notifications/" + row.id, { is_read: isRead });
    view.list.put(row.id, { is_read: isRead });
    notificationsChanged();
  };
  const view = resourceView({
    path: "/api/v1/notifications",
    title: "Notifications",
    one: "notification",
    create: false,
    edit: false,
    sort: "-created_at",
    icon: "bell",
    empty: "You are told of overdue follow-ups, hot leads and booked meetings.",
    mark: (row) => row.is_read ? "done" : "unread",
    open: (row, v) => {
      read(row, v, true).catch(complain);
      location.hash = link(place(row));
    },
    columns: [
      { key: "title", title: "What", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => row.title || words(row.kind) },
      { key: "body", title: "More", width: "minmax(10rem,2fr)", narrow: "under", draw: (row) => row.body || "" },
      { key: "kind", title: "Kind", width: "10.500rem", draw: (row) => badge("news", words(row.kind)) },
      column.moment("created_at", "When", { narrow: "side" })
    ],
    filters: [
      { name: "is_read", label: "Read", kind: "truth" }, {
        name: "kind",
        label: "Kind",
        kind: "choice",
        options: ["follow_up_overdue", "lead_hot", "meeting_booked", "campaign_failed", "delivery_failed", "webhook_disabled", "number_blocked"]
      }
    ],
    rowActions: (row, v) => [{ title: row.is_read ? "Mark as unread" : "Mark as read", icon: "check", run: () => read(row, v, !row.is_read) }],
    more: (v) => button("All are read", {
      icon: "check",
      onclick: async () => {
        try {
          await readAll();
          toast("All are read.");
          v.list.reload();
        } catch (error) { complain(error); }
      }
    }),
  },
    signal, query);
  fill(container, heading("Notifications"), view.node);
}
