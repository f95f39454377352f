// The map that moves, in place of the one that the server draws: MapLibre over lines that come with
// the site. The keyboard reaches the marks (MapLibre opens their pop-ups on Enter and Space, which a
// button would do a second time); pop-ups are made of text.

import { COUNTRIES } from "../countries.js";
import { stepThroughDays } from "./days.js";
import { colour, counted, data, element, hex, link, onTheme } from "./dom.js";

const { maplibregl } = window;
const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// A ring whose parts are the sides of what is said, with the number of claims in it.
// A diamond stands for events, beside the number or in its place.
function ring({ radius, sides, claims, events, approximate }) {
  const size = 2 * radius + 10;
  const svg = shape("svg", { width: size, height: size, viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`,
    "aria-hidden": "true" });
  svg.append(shape("circle", { r: radius, class: approximate ? "mark-ground approximate" : "mark-ground" }));
  const total = sides.reduce((sum, part) => sum + part.count, 0) || 1;
  let start = 0;
  for (const { side, count } of sides) {
    const length = (100 * count) / total;
    svg.append(shape("circle", {
      r: radius - 4, class: `mark-arc side-${/^\w+$/.test(side) ? side : "other"}`, pathLength: 100,
      "stroke-dasharray": `${length} ${100 - length}`, "stroke-dashoffset": 25 - start,
    }));
    start += length;
  }
  const text = shape("text", { class: "mark-count", "text-anchor": "middle", dy: "0.35em" });
  text.textContent = events && !claims ? "" : String(claims);
  svg.append(text);
  if (events) {
    const aside = claims ? 0.8 * radius : 0;
    svg.append(shape("path", { class: "mark-event", d: "M0-6.5L6.5 0L0 6.5L-6.5 0Z",
      transform: `translate(${aside} ${-aside})` }));
  }
  return svg;
}

function popup({ places, sides, label }) {
  const list = places.slice(0, 12).map((place) => element("li", {},
    link(place.page, place.name), element("small", {}, place.told),
    place.said?.length ? element("small", {}, `asserted: ${place.said.join("; ")}`) : null,
    ...(place.events ?? []).map((event) => element("small", {}, "event: ", link(event.page, event.name))),
    place.basis ? element("small", {}, place.basis) : null));
  const more = places.length > 12 ? element("p", {}, `and ${places.length - 12} more`) : null;
  const said = sides.map((part) => `${part.count} ${part.label}`).join(", ");
  return element("section", { class: "map-popup", "aria-label": label },
    element("ul", {}, ...list), more,
    said ? element("p", { class: "muted" }, `Stances: ${said}.`) : null);
}

function style(root) {
  const ground = colour("--map-sea", root) || "#dfe6ea";
  const paint = (name, fallback) => hex(colour(name, root) || fallback);
  const lines = (id, kind, more) => ({ id, type: "line", source: "base",
    filter: ["==", ["get", "kind"], kind], layout: { "line-join": "round" },
    paint: { "line-color": paint("--map-border", "#9aa2a8"), "line-width": 1.1, ...more } });
  const land = (detail) => ({ id: `${detail}-land`, type: "fill", source: "base",
    filter: ["all", ["==", ["get", "kind"], "land"], ["==", ["get", "detail"], detail]],
    paint: { "fill-color": paint("--map-land", "#f4f2ec"), "fill-antialias": true } });
  const of = (layer, detail) => ({ ...layer, id: `${detail}-${layer.id}`,
    filter: ["all", layer.filter, ["==", ["get", "detail"], detail]] });
  const borders = lines("border", "border", {});
  const dashed = lines("line", "line", { "line-dasharray": [2, 2] });
  return {
    version: 8,
    sources: { base: { type: "geojson", data: new URL("../data/base.geojson", import.meta.url).href } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": hex(ground) } },
      land("world"), of(borders, "world"), of(dashed, "world"),
      { id: "region-sea", type: "fill", source: "base", filter: ["==", ["get", "kind"], "sea"],
        paint: { "fill-color": hex(ground), "fill-antialias": false } },
      land("region"), of(borders, "region"), of(dashed, "region"),
    ],
  };
}

// The sides of a mark on which its name can stand, each with the box that it takes there.
function sidesOf(x, y, radius, wide, high) {
  return Object.entries({
    below: [x - wide / 2, y + radius, x + wide / 2, y + radius + high],
    right: [x + radius, y - high / 2, x + radius + wide, y + high / 2],
    left: [x - radius - wide, y - high / 2, x - radius, y + high / 2],
    above: [x - wide / 2, y - radius - high, x + wide / 2, y - radius],
  });
}

// Shows the names for which there is room: those of which more is said go first. Of the places where
// the name of a country can stand, the first that is free has it.
function nameMarks(map, marks, countries) {
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const spots = marks.map((mark) => ({ mark, ...map.project(mark.at) }));
  const taken = spots.map(({ mark: { radius }, x, y }) => [x - radius, y - radius, x + radius, y + radius]);
  const isFree = (box) => box[0] > 0 && box[1] > 0 && box[2] < width && box[3] < height
    && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  for (const { mark, x, y } of spots) {
    const lines = [...mark.name.children].map((line) => line.textContent.length);
    const wide = Math.min(Math.max(...lines), 42) * 6.8 + 6;
    const found = sidesOf(x, y, mark.radius, wide, 2 + 15 * lines.length).find(([, box]) => isFree(box));
    mark.name.hidden = !found;
    mark.name.dataset.side = found?.[0] ?? "";
    if (found) taken.push(found[1]);
  }
  const named = new Set();
  for (const { label, at } of countries) {
    const { x, y } = map.project(at);
    const half = label.textContent.length * 6.5;
    label.hidden = named.has(label.textContent) || !isFree([x - half, y - 10, x + half, y + 10]);
    if (!label.hidden) named.add(label.textContent);
  }
}

// Puts the marks on the map, in place of those that are there.
function placeMarks(map, features, before = []) {
  before.forEach(({ marker }) => marker.remove());
  return features.map(({ geometry, properties }) => {
    const what = properties.counted ?? counted(properties.claims, properties.noun ?? "claim");
    const told = `${properties.label}: ${what}`;
    const said = properties.said ?? [];
    const button = element("div", { class: "map-mark", role: "button", tabindex: 0 });
    button.append(ring(properties));
    const name = element("span", { class: "map-name", "aria-hidden": "true" }, element("span", {}, properties.label),
      ...said.map((one) => element("span", { class: "mark-said" }, one)));
    button.append(name, element("span", { class: "unseen" }, said.length ? `${told}. Asserted: ${said.join("; ")}` : told));
    const opened = new maplibregl.Popup({ offset: properties.radius, maxWidth: "320px" })
      .setDOMContent(popup(properties));
    const marker = new maplibregl.Marker({ element: button })
      .setLngLat(geometry.coordinates).setPopup(opened).addTo(map);
    button.removeAttribute("aria-label"); // MapLibre's own, the same for all marks
    button.setAttribute("aria-haspopup", "dialog");
    return { marker, radius: properties.radius, at: geometry.coordinates, name };
  });
}

function enhance(holder) {
  const { features } = data("map-data") ?? { features: [] };
  if (!maplibregl || !(features.length || document.querySelector("[data-days] [aria-current]"))) return;
  maplibregl.setWorkerUrl(new URL("../vendor/maplibre-gl-csp-worker.js", import.meta.url).href);
  const drawn = holder.querySelector("svg");
  const stage = element("div", { class: "map-stage", "aria-label": "Map, movable", role: "region" });
  holder.append(stage);
  let map;
  try {
    const near = features.filter(({ geometry: { coordinates: [x, y] } }) => x > 19 && x < 52 && y > 43 && y < 60);
    const bounds = new maplibregl.LngLatBounds();
    for (const { geometry } of near.length ? near : features) bounds.extend(geometry.coordinates);
    if (bounds.isEmpty()) bounds.extend([32, 47]).extend([41, 54]);
    map = new maplibregl.Map({
      container: stage, style: style(holder), bounds, fitBoundsOptions: { padding: 56, maxZoom: 9 },
      attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: true,
      maxZoom: 11, minZoom: 1, renderWorldCopies: false,
    });
  } catch {
    stage.remove(); // no WebGL here: the drawn map stays
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({}), "bottom-left");
  map.addControl(new maplibregl.AttributionControl({
    compact: false, customAttribution: "Natural Earth",
  }), "bottom-right");
  let marks = placeMarks(map, features);
  const countries = COUNTRIES.map(([name, ...at]) => {
    const label = element("span", { class: "map-country", "aria-hidden": "true" }, name);
    new maplibregl.Marker({ element: label }).setLngLat(at).addTo(map);
    return { label, at };
  });
  const nameAll = () => nameMarks(map, marks, countries);
  map.on("moveend", nameAll);
  map.once("load", () => {
    nameAll();
    if (drawn) drawn.setAttribute("hidden", "");
    holder.classList.add("moves");
    holder.dataset.ready = "true";
  });
  onTheme(() => map.setStyle(style(holder)));
  holder.addEventListener("daychange", () => {
    marks = placeMarks(map, data("map-data").features, marks);
    nameAll();
  });
}

for (const holder of document.querySelectorAll("[data-map]")) enhance(holder);
for (const holder of document.querySelectorAll("[data-days]")) stepThroughDays(holder);
