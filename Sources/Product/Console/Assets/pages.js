// All pages: at which address, for whom, in which file. What is in the navigation has an icon.

import { register } from "./router.js";

/** @type {{path: string, title: string, load: () => Promise<any>, role?: string, icon?: string, group?: string, isFull?: boolean, keys?: string}[]} */
export const PAGES = [
  {path: "/", title: "Today", icon: "today", load: () => import("./today.js"), keys: "t"},
  {path: "/live", title: "Live", icon: "live", load: () => import("./live.js"), isFull: true, keys: "v"},
  {path: "/call-me", title: "Call me", icon: "phoneOut", load: () => import("./callme.js"), keys: "m"},
  {path: "/calls", title: "Calls", icon: "calls", load: () => import("./calls.js"), isFull: true, keys: "c"},
  {path: "/calls/:id", title: "Call", load: () => import("./call.js")},
  {path: "/leads", title: "Leads", icon: "leads", load: () => import("./leads.js"), isFull: true, keys: "l"},
  {path: "/leads/:id", title: "Lead", load: () => import("./lead.js")},
  {path: "/desk", title: "Work", icon: "work", load: () => import("./desk.js"), isFull: true, keys: "w"},
  {path: "/desk/:kind", title: "Work", load: () => import("./desk.js"), isFull: true},
  {path: "/contacts", title: "Contacts", icon: "contacts", role: "admin", load: () => import("./contacts.js"), isFull: true, keys: "k"},
  {path: "/contacts/:id", title: "Contact", role: "admin", load: () => import("./contact.js")},
  {path: "/imports", title: "Imports", role: "admin", load: () => import("./imports.js"), isFull: true},
  {path: "/imports/:id", title: "Import", role: "admin", load: () => import("./import.js")},
  {path: "/campaigns", title: "Campaigns", icon: "campaigns", role: "admin", load: () => import("./campaigns.js"), isFull: true, keys: "g"},
  {path: "/campaigns/:id", title: "Campaign", role: "admin", load: () => import("./campaign.js")},
  {path: "/campaigns/:id/edit", title: "Change a campaign", role: "admin", load: () => import("./campaignEdit.js")},
  {path: "/reports", title: "Reports", icon: "table", load: () => import("./reports.js"), keys: "r"},
  {path: "/notifications", title: "Notifications", load: () => import("./notifications.js"), isFull: true},
  {path: "/operations", title: "Operations", icon: "operations", role: "manager", load: () => import("./operations.js"), isFull: true, keys: "o"},
  {path: "/operations/:kind", title: "Operations", role: "manager", load: () => import("./operations.js"), isFull: true},
  {path: "/settings", title: "Settings", icon: "settings", load: () => import("./settings.js"), isFull: true, keys: "s"},
  {path: "/settings/:kind", title: "Settings", load: () => import("./settings.js"), isFull: true},
  {path: "/components", title: "Components", load: () => import("./components.js")},
];
for (const page of PAGES) register(page);
