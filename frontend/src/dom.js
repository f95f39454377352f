// Small pieces of a page, made of text: nothing that comes from the graph is ever read as HTML.

// An element with attributes and children; children that are text become text nodes. An href or
// xlink:href is kept only if it is an address of this site or of the web.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "href" && !leads(value)) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Whether an address may be linked to: a path of this site, a fragment, or http and https.
export function leads(address) {
  if (/^[#?]/.test(address) || /^\/(?![/\\])/.test(address)) return true;
  return /^https?:\/\/[^/\s]/i.test(address);
}

// A link where the address leads somewhere safe, else the text alone.
export function link(address, text) {
  return address && leads(address) ? element("a", { href: address }, text) : element("span", {}, text);
}

// The data that the server put into the page under an id.
export function data(id) {
  const found = document.getElementById(id);
  return found ? JSON.parse(found.textContent) : null;
}

// A number with its noun.
export function counted(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

// A colour that the style sheet names, as it is in the theme of now.
export function colour(name, from = document.documentElement) {
  return getComputedStyle(from).getPropertyValue(name).trim();
}

// Calls back when the theme changes: by the system, or by an attribute of the root.
export function onTheme(callback) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
  new MutationObserver(callback).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-theme", "class"],
  });
}

// A colour of the style sheet as [r, g, b, a], whatever way it is written in.
export function rgba(value) {
  const context = rgba.context ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = value || "#888";
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
}

// The same as #rrggbb, laid over a ground if it lets it through.
export function hex(value, ground = "") {
  const [r, g, b, a] = rgba(value);
  const under = ground ? rgba(ground) : [r, g, b];
  const mix = [r, g, b].map((part, at) => Math.round((part * a + under[at] * (255 - a)) / 255));
  return `#${mix.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
