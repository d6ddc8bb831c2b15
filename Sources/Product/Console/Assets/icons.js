// Pictures of one colour, on a grid of 24 by 24.

import { shape } from "./dom.js";

const PATHS = {
  today: "M4 11l8-7 8 7M6 10v9h12v-9M10 19v-5h4v5",
  live: "M12 12h.01M8.5 8.5a5 5 0 000 7M15.5 8.5a5 5 0 010 7M5.6 5.6a9 9 0 000 12.8M18.4 5.6a9 9 0 010 12.8",
  calls: "M6 3h3l2 5-2.5 1.5a11 11 0 006 6L16 13l5 2v3a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2z",
  leads: "M5 4v16M5 5h13l-3 4 3 4H5",
  work: "M4 6h9M4 12h9M4 18h9M16 6l1.5 1.5L21 4M16 12l1.5 1.5L21 10M16 18l1.5 1.5L21 16",
  contacts: "M9 11a4 4 0 100-8 4 4 0 000 8zM2 21v-1a6 6 0 0114 0v1M17 4a4 4 0 010 7M22 21v-1a6 6 0 00-4-5",
  campaigns: "M3 10v4h3l8 5V5L6 10H3zM17 9a4 4 0 010 6M7 14l1 6",
  settings: "M12 15a3 3 0 100-6 3 3 0 000 6zM12 2v3M12 19v3M4.9 4.9l2.2 2.2M16.9 16.9l2.2 2.2M2 12h3M19 12h3M4.9 19.1l2.2-2.2M16.9 7.1l2.2-2.2",
  operations: "M3 12h4l3-8 4 16 3-8h4",
  search: "M11 18a7 7 0 100-14 7 7 0 000 14zM20 20l-4-4",
  bell: "M6 16V11a6 6 0 0112 0v5l2 2H4zM10 21h4",
  plus: "M12 5v14M5 12h14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 13l4 4L19 7",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  down: "M6 9l6 6 6-6",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  sun: "M12 16a4 4 0 100-8 4 4 0 000 8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14a8 8 0 01-10-10 8 8 0 1010 10z",
  half: "M12 3a9 9 0 100 18zM12 3a9 9 0 010 18",
  menu: "M4 6h16M4 12h16M4 18h16",
  out: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  user: "M12 12a4 4 0 100-8 4 4 0 000 8zM4 21a8 8 0 0116 0",
  phoneIn: "M6 3h3l2 5-2.5 1.5a11 11 0 006 6L16 13l5 2v3a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2zM21 3l-6 6M15 4v5h5",
  phoneOut: "M6 3h3l2 5-2.5 1.5a11 11 0 006 6L16 13l5 2v3a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2zM15 9l6-6M16 3h5v5",
  board: "M4 4h4v16H4zM10 4h4v11h-4zM16 4h4v7h-4z",
  table: "M3 5h18v14H3zM3 10h18M3 15h18M9 10v9",
  edit: "M4 20h4L20 8l-4-4L4 16zM14 6l4 4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  star: "M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2L12 17l-5.6 3 1.2-6.2L3 9.5l6.3-.8z",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  shield: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
  swap: "M4 8h14l-3-3M20 16H6l3 3",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  saveFile: "M12 4v12M7 11l5 5 5-5M4 16v4h16v-4",
  play: "M7 5v14l12-7z",
  pause: "M8 5v14M16 5v14",
  stop: "M6 6h12v12H6z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  key: "M14 10a4 4 0 10-4 4l1-1h2v-2h2v-2zM12 12l-8 8v1h3l1-1v-2h2",
  hook: "M9 9a3 3 0 116 0c0 2-3 3-3 6M12 19h.01",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  question: "M9 9a3 3 0 116 0c0 2-3 2.500-3 5M12 18h.01",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
};

/** @param {string} name @param {string} [label] what it says where no text stands beside it */
export function icon(name, label) {
  const svg = shape("svg", {
    viewBox: "0 0 24 24",
    class: "icon",
    role: label ? "img" : null,
    "aria-hidden": label ? null : "true",
    "aria-label": label,
  });
  svg.append(shape("path", { d: PATHS[name] || PATHS.question }));
  return svg;
}
