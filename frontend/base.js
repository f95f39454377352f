// The base map: land and borders, from Natural Earth by way of world-atlas.
//
// Coarse (1:110m) for the world, fine (1:10m) inside REGION, which is where the graph's places lie.
// It gives the same lines twice: as GeoJSON for MapLibre, and as an SVG of symbols for the maps
// that the server draws, in Web Mercator with the world 1,000,000 units wide.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature, mesh } from "topojson-client";

const require = createRequire(import.meta.url);

export const REGION = [19, 43, 52, 60]; // west, south, east, north, in degrees
const UNITS = 1e6;
const FURTHEST = 85.05; // degrees; Web Mercator ends here
function topology(scale) {
  return JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), "utf8"));
}

// Sutherland and Hodgman's clipping of a ring by one side of a box after the other.
function clippedRing(ring, [west, south, east, north]) {
  const sides = [
    [(p) => p[0] >= west, (a, b) => [west, a[1] + ((b[1] - a[1]) * (west - a[0])) / (b[0] - a[0])]],
    [(p) => p[0] <= east, (a, b) => [east, a[1] + ((b[1] - a[1]) * (east - a[0])) / (b[0] - a[0])]],
    [(p) => p[1] >= south, (a, b) => [a[0] + ((b[0] - a[0]) * (south - a[1])) / (b[1] - a[1]), south]],
    [(p) => p[1] <= north, (a, b) => [a[0] + ((b[0] - a[0]) * (north - a[1])) / (b[1] - a[1]), north]],
  ];
  let points = ring;
  for (const [inside, cut] of sides) {
    const kept = [];
    points.forEach((point, at) => {
      const before = points[(at + points.length - 1) % points.length];
      if (inside(point)) {
        if (!inside(before)) kept.push(cut(before, point));
        kept.push(point);
      } else if (inside(before)) kept.push(cut(before, point));
    });
    points = kept;
  }
  return points;
}

function clippedLines(lines, [west, south, east, north]) {
  const within = ([x, y]) => x >= west && x <= east && y >= south && y <= north;
  const found = [];
  for (const line of lines) {
    let run = [];
    for (const point of line) {
      if (within(point)) run.push(point);
      else if (run.length) { found.push(run); run = []; }
    }
    if (run.length) found.push(run);
  }
  return found.filter((line) => line.length > 1);
}

function rings(geometry) {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  if (geometry.type === "MultiPolygon") return geometry.coordinates;
  return geometry.geometries.flatMap(rings);
}

function layers(scale, box) {
  const world = topology(scale);
  const land = rings(feature(world, world.objects.land).features[0].geometry)
    .map((polygon) => polygon.map((ring) => (box ? clippedRing(ring, box) : ring)))
    .map((polygon) => polygon.filter((ring) => ring.length > 3))
    .filter((polygon) => polygon.length);
  const between = (wanted) => {
    const lines = mesh(world, world.objects.countries, wanted).coordinates;
    return box ? clippedLines(lines, box) : lines;
  };
  const names = (a, b) => [a.properties.name, b.properties.name].sort().join();
  const all = between((a, b) => a !== b);
  // Natural Earth draws who is in control of Crimea; most states count it to Ukraine. The line
  // north of it is drawn apart, so that the maps can dash it and say so.
  const crimea = between((a, b) => a !== b && names(a, b) === "Russia,Ukraine")
    .filter((line) => line.every(([x, y]) => x > 32 && x < 36 && y < 46.5));
  const same = new Set(crimea.map((line) => JSON.stringify(line)));
  return { land, crimea, borders: all.filter((line) => !same.has(JSON.stringify(line))
    && !line.every(([x, y]) => x > 33 && x < 35.1 && y > 45.5 && y < 46.3)) };
}

function rounded(points, digits) {
  const found = [];
  for (const [x, y] of points) {
    const point = [Number(x.toFixed(digits)), Number(y.toFixed(digits))];
    const last = found.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) found.push(point);
  }
  return found;
}

function closed(ring) {
  const [first, last] = [ring[0], ring.at(-1)];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}

export function geojson() {
  const [west, south, east, north] = REGION;
  const features = [];
  const add = (type, coordinates, properties) =>
    features.push({ type: "Feature", properties, geometry: { type, coordinates } });
  for (const [detail, digits, { land, borders, crimea }] of [
    ["world", 2, layers("110m")],
    ["region", 3, layers("10m", REGION)],
  ]) {
    const drawn = land.map((polygon) => polygon.map((ring) => closed(rounded(ring, digits))));
    if (detail === "region") {
      const box = [[west, south], [east, south], [east, north], [west, north], [west, south]];
      add("Polygon", [box], { detail, kind: "sea" });
    }
    add("MultiPolygon", drawn.filter((polygon) => polygon[0].length > 3), { detail, kind: "land" });
    add("MultiLineString", borders.map((line) => rounded(line, digits)), { detail, kind: "border" });
    if (crimea.length) {
      add("MultiLineString", crimea.map((line) => rounded(line, digits)), { detail, kind: "line" });
    }
  }
  return JSON.stringify({ type: "FeatureCollection", features });
}

function mercator([longitude, latitude]) {
  const angle = (Math.max(-FURTHEST, Math.min(FURTHEST, latitude)) * Math.PI) / 180;
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / (2 * Math.PI);
  return [(longitude / 360 + 0.5) * UNITS, y * UNITS];
}

function path(lines, step, close) {
  let text = "";
  for (const line of lines) {
    const points = rounded(line.map(mercator).map(([x, y]) => [x / step, y / step]), 0)
      .map(([x, y]) => [x * step, y * step]);
    if (points.length < (close ? 4 : 2)) continue;
    let [x, y] = points[0];
    text += `M${x} ${y}l`;
    text += points.slice(1).map(([toX, toY]) => {
      const move = `${toX - x} ${toY - y}`;
      [x, y] = [toX, toY];
      return move;
    }).join(" ");
    if (close) text += "z";
  }
  return text;
}

export function svg() {
  const parts = [];
  for (const [detail, step, { land, borders, crimea }] of [
    ["world", 100, layers("110m")],
    ["region", 5, layers("10m", REGION)],
  ]) {
    parts.push(`<path id="${detail}-land" fill-rule="evenodd" d="${path(land.flat(), step, true)}"/>`);
    parts.push(`<path id="${detail}-borders" vector-effect="non-scaling-stroke" d="${path(borders, step, false)}"/>`);
    parts.push(`<path id="${detail}-line" vector-effect="non-scaling-stroke" d="${path(crimea, step, false)}"/>`);
  }
  const defs = parts.join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg"><defs>\n${defs}\n</defs></svg>\n`;
}
