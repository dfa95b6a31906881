// Drawings of one line, 24 × 24, that go beside words and are silent to screen readers.
const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  add: "M12 5v14M5 12h14",
  ban: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.8 5.8l12.4 12.4",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V8M15 3.5V8M9.5 15l2 2 3.5-3.5",
  chart: "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
  chat: "M4 5h16v11H10l-4.5 4v-4H4zM8 9h8M8 12h5",
  check: "M4.5 12.5l5 5 10-11",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.4 2",
  dots: "M5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M18 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0",
  down: "M7 14V5h9l3 6.5c.4 1.5-.5 2.5-2 2.5h-4l.8 4c.2 1.6-1.8 2.3-2.5 1L8 14zM3.5 5v9",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M12 18v-6M9.3 14.5 12 12l2.7 2.5",
  flame: "M12 21c-4 0-6.5-2.6-6.5-6.2 0-3 2-4.6 3.2-6.6C9.8 6.4 10 4.8 9.7 3c3.5 1.3 5 4 5.1 6.7.7-.6 1-1.4 1.1-2.3 1.7 1.9 2.6 4.2 2.6 7C18.5 18.4 16 21 12 21Z",
  list: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  lower: "M12 5v13M6 12.5l6 6 6-6",
  mail: "M3.5 5.5h17v13h-17zM4 6l8 7 8-7",
  missed: "M4 17c5-5.3 11-5.3 16 0l-3.5 2.2-2.6-2.7v-2M4 17l3.5 2.2 2.6-2.7v-2M7 4l5 5 5-5M7 4v4M7 4h4",
  more: "M4 7h16M4 12h16M4 17h16",
  next: "M5 12h13M12.5 6l6 6-6 6",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M9 9h6",
  out: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.2 3.2 0 0 1 0 6M17.5 14.5c2.3.6 3.6 2.5 4 5.5",
  figures: "M4 20V10h4v10M10 20V4h4v16M16 20v-7h4v7M3 20h18",
  phone: "M6 3.5h3l1.5 4.5-2 1.5c1 2.6 3 4.6 5.5 5.5l1.5-2 4.5 1.5v3c0 1.7-1.3 3-3 3C9.6 20 4 14.4 3.5 6.5c0-1.7 1-3 2.5-3Z",
  raise: "M12 19V6M6 11.5l6-6 6 6",
  rules: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h11M19 17h1M15 5v4M9 10v4M17 15v4",
  save: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  screen: "M3.5 5h17v11.5h-17zM9 20h6M12 16.5V20",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5l5 5",
  steps: "M4 6h16M6.5 12h11M9.5 18h5",
  wrong: "M6 6l12 12M18 6 6 18",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name] ?? PATHS.dots);
  drawing.append(path);
  return drawing;
}
