// The network that moves: sigma over what the server computed, in place of its drawing. A click on
// an edge lists the statements that carry it; the slider shows one week at a time.

import EdgeCurveProgram, { indexParallelEdgesIndex } from "@sigma/edge-curve";
import { MultiGraph } from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import Sigma from "sigma";
import { EdgeArrowProgram } from "sigma/rendering";
import { colour, counted, data, element, hex, link, onTheme } from "./dom.js";

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const FORMAT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

// The colour of a kind of node, from the class that the style sheet gives it.
function kindColour(kind) {
  const probe = element("span", { class: `kind-${/^\w+$/.test(kind) ? kind : "thing"}`, hidden: true });
  document.body.append(probe);
  const found = hex(getComputedStyle(probe).color);
  probe.remove();
  return found;
}

// The graph to draw. Where the stage is higher than wide and the layout is free, it lies on its side.
function build({ nodes, edges, free }, stage) {
  const graph = new MultiGraph();
  const turned = free && stage.clientHeight > stage.clientWidth;
  const small = stage.clientWidth < 500 ? 0.75 : 1;
  const largest = Math.max(...nodes.map((node) => node.size), 1);
  nodes.forEach((node, number) => {
    const angle = (2 * Math.PI * number) / nodes.length;
    const at = [node.x ?? Math.cos(angle), node.y ?? Math.sin(angle)];
    const [x, y] = turned ? at.reverse() : at;
    graph.addNode(node.id, {
      label: node.label, kind: node.kind, page: node.page, told: node.told, x, y: -y,
      size: small * (3.5 + 9 * (node.size / largest)),
    });
  });
  const heaviest = Math.max(...edges.map((edge) => edge.weight), 1);
  edges.forEach((edge, at) => {
    graph.addEdgeWithKey(`e${at}`, edge.source, edge.target, {
      ...edge, size: 1.2 + 4.5 * Math.sqrt(edge.weight / heaviest), forceLabel: false,
      spells: edge.spells.map(([first, last]) => [
        first ? Date.parse(first) : -Infinity, last ? Date.parse(last) : Infinity,
      ]),
    });
  });
  indexParallelEdgesIndex(graph, { edgeIndexAttribute: "index", edgeMaxIndexAttribute: "last" });
  graph.forEachEdge((edge, { index, last, directed }) => {
    const bent = typeof index === "number";
    graph.mergeEdgeAttributes(edge, bent
      ? { type: "curved", curvature: 0.15 * (index + 1) / Math.max(last, 1) + 0.08 }
      : { type: directed ? "arrow" : "line" });
  });
  if (nodes.some((node) => node.x === null || node.x === undefined)) {
    forceAtlas2.assign(graph, { iterations: 200, settings: forceAtlas2.inferSettings(graph) });
  }
  return graph;
}

function paint(graph) {
  const kinds = new Map();
  graph.forEachNode((node, { kind }) => {
    if (!kinds.has(kind)) kinds.set(kind, kindColour(kind));
    graph.setNodeAttribute(node, "color", kinds.get(kind));
  });
  const ground = colour("--raised");
  graph.forEachEdge((edge, { side }) => {
    const base = side && /^\w+$/.test(side) ? colour(`--${side}`) : colour("--faint");
    graph.setEdgeAttribute(edge, "color", hex(`color-mix(in srgb, ${base} 62%, ${ground})`));
  });
}

// What is known of an edge or node, in words and links.
function detailOf(holder, graph, statements) {
  const panel = element("section", { class: "network-detail", "aria-live": "polite", hidden: true });
  holder.append(panel);
  const show = (...children) => { panel.replaceChildren(...children); panel.hidden = false; };
  return {
    edge(key) {
      const { words, told, evidence, more } = graph.getEdgeAttributes(key);
      const [from, to] = graph.extremities(key).map((node) => graph.getNodeAttributes(node));
      const items = evidence.map((id) => {
        const [label, page] = statements[id] ?? [id, ""];
        return element("li", {}, link(page, label));
      });
      show(
        element("h2", {}, link(from.page, from.label), ` ${words} `, link(to.page, to.label)),
        element("p", { class: "muted" }, `${told}. ${items.length ? "It rests on:" : ""}`),
        element("ul", {}, ...items, more ? element("li", {}, `and ${more} more`) : null),
      );
    },
    node(key, visible) {
      const { label, page, told } = graph.getNodeAttributes(key);
      const around = graph.filterEdges(key, visible).slice(0, 40).map((edge) => {
        const [from, to] = graph.extremities(edge).map((node) => graph.getNodeAttribute(node, "label"));
        const { words, told: counts } = graph.getEdgeAttributes(edge);
        const button = element("button", { type: "button", class: "plain-button",
          onclick: () => this.edge(edge) }, `${from} ${words} ${to}`);
        return element("li", {}, button, element("small", {}, ` ${counts}`));
      });
      show(element("h2", {}, link(page, label)), element("p", { class: "muted" }, told), element("ul", {}, ...around));
    },
    hide() { panel.hidden = true; },
  };
}

function timeOf(graph) {
  const days = [];
  graph.forEachEdge((_, { spells }) => days.push(...spells.flat().filter(Number.isFinite)));
  if (!days.length) return null;
  const first = Math.min(...days);
  const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY;
  return { monday, weeks: Math.floor((Math.max(...days) - monday) / WEEK) + 1 };
}

function enhance(holder) {
  const given = data("network-data");
  if (!given || !given.nodes.length) return;
  const stage = element("div", { class: "network-stage", role: "img",
    "aria-label": "Network, drawn; the table below says the same" });
  holder.prepend(stage);
  const graph = build(given, stage);
  paint(graph);
  const state = { week: -1, hovered: null, chosen: null };
  const time = timeOf(graph);
  const visible = (edge) => {
    if (state.week < 0 || !time) return true;
    const start = time.monday + state.week * WEEK;
    return graph.getEdgeAttribute(edge, "spells").some(([first, last]) => first < start + WEEK && last >= start);
  };
  const near = (node) => {
    const centre = state.hovered ?? state.chosen;
    return !centre || node === centre || graph.areNeighbors(node, centre);
  };
  let drawn;
  let rooms = null; // which labels have room, and where each stands; worked out for each drawing
  const measured = new Map();
  try {
    drawn = new Sigma(graph, stage, {
      allowInvalidContainer: true, enableEdgeEvents: true, zIndex: true, minEdgeThickness: 1.2,
      labelFont: '"Source Sans 3", sans-serif', labelSize: 13, labelWeight: "600",
      labelColor: { color: hex(colour("--ink")) }, labelDensity: 100, labelRenderedSizeThreshold: 0,
      defaultDrawNodeLabel: (context, node, settings) => {
        if (drawn) rooms ??= roomsOf(drawn, measured);
        name(context, node, settings, rooms?.get(node.key));
      },
      stagePadding: 54, defaultDrawNodeHover: hover,
      edgeProgramClasses: { curved: EdgeCurveProgram, arrow: EdgeArrowProgram },
      nodeReducer: (node, attributes) => {
        const idle = state.week >= 0 && !graph.someEdge(node, visible);
        if (idle || !near(node)) return { ...attributes, label: "", color: hex(colour("--hair")), zIndex: 0 };
        return { ...attributes, zIndex: 1, forceLabel: node === state.chosen };
      },
      edgeReducer: (edge, attributes) => {
        const centre = state.hovered ?? state.chosen;
        const hidden = !visible(edge) || (centre && !graph.hasExtremity(edge, centre));
        return { ...attributes, hidden };
      },
    });
  } catch {
    stage.remove(); // no WebGL here: the server's drawing stays
    return;
  }
  drawn.on("beforeRender", () => { rooms = null; });
  holder.querySelector("svg.drawn-network")?.setAttribute("hidden", "");
  const detail = detailOf(holder, graph, given.statements);
  drawn.on("clickEdge", ({ edge }) => detail.edge(edge));
  drawn.on("enterEdge", () => { stage.style.cursor = "pointer"; });
  drawn.on("leaveEdge", () => { stage.style.cursor = ""; });
  drawn.on("enterNode", ({ node }) => { state.hovered = node; drawn.refresh({ skipIndexation: true }); });
  drawn.on("leaveNode", () => { state.hovered = null; drawn.refresh({ skipIndexation: true }); });
  drawn.on("clickNode", ({ node }) => { state.chosen = node; detail.node(node, visible); drawn.refresh({ skipIndexation: true }); });
  drawn.on("clickStage", () => { state.chosen = null; detail.hide(); drawn.refresh({ skipIndexation: true }); });
  holder.append(controls(drawn));
  if (time && time.weeks > 1) {
    const row = slider(time, graph, visible, state, () => drawn.refresh({ skipIndexation: true }));
    stage.after(row);
  }
  onTheme(() => {
    paint(graph);
    drawn.setSetting("labelColor", { color: hex(colour("--ink")) });
    drawn.refresh();
  });
  document.fonts.load('600 13px "Source Sans 3"').then(() => { measured.clear(); drawn.refresh(); });
  stage.renderer = drawn; // for those who look at the page with the tools of a browser
  holder.dataset.ready = "true";
}

// Which labels have room in the drawing as it is now, and where: right, left, below or above
// its node. Larger nodes go first; a label lies on no other label and on no node, but that of a hub
// may hide small nodes. What has none shows its label under the pointer, or closer by.
function roomsOf(drawn, measured) {
  const { width, height } = drawn.getDimensions();
  const nodes = [];
  drawn.getGraph().forEachNode((key) => {
    const shown = drawn.getNodeDisplayData(key);
    if (!shown || shown.hidden) return;
    const { x, y } = drawn.framedGraphToViewport(shown);
    if (x > -20 && y > -20 && x < width + 20 && y < height + 20) {
      nodes.push({ key, x, y, size: drawn.scaleSize(shown.size), label: shown.label });
    }
  });
  const disc = ({ x, y, size }) => [x - size, y - size, x + size, y + size];
  const large = Math.max(...nodes.map(({ size }) => size)) / 2;
  const [discs, hubs] = [nodes.map(disc), nodes.filter(({ size }) => size >= large).map(disc)];
  const taken = [[width - 150, 0, width, 52]]; // the buttons
  const rooms = new Map();
  const meet = (box, others) => others.some((one) =>
    box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3]);
  for (const { key, x, y, size, label } of nodes.sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1))) {
    if (!label) continue;
    if (!measured.has(label)) measured.set(label, widthOf(label));
    const wide = measured.get(label);
    const boxes = [
      [x + size + 3, y - 8], [x - size - 3 - wide, y - 8],
      [x - wide / 2, y + size + 2], [x - wide / 2, y - size - 18],
    ].map(([left, top]) => [left - 2, top, left + wide + 2, top + 16]).filter((box) =>
      box[0] > 0 && box[1] > 0 && box[2] < width && box[3] < height && !meet(box, taken));
    const free = boxes.find((box) => !meet(box, discs))
      ?? (size >= large ? boxes.find((box) => !meet(box, hubs)) : undefined);
    if (free) {
      taken.push(free);
      rooms.set(key, { left: free[0] + 2, base: free[1] + 12 });
    }
  }
  return rooms;
}

function widthOf(label) {
  const context = widthOf.context ??= document.createElement("canvas").getContext("2d");
  context.font = '600 13px "Source Sans 3", sans-serif';
  return context.measureText(label).width;
}

// The label of a node where it has room, with the ground of the theme around it.
function name(context, { label }, settings, room) {
  if (!label || !room) return;
  context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = hex(colour("--raised"));
  context.fillStyle = settings.labelColor.color;
  context.strokeText(label, room.left, room.base);
  context.fillText(label, room.left, room.base);
}

// The label of a node under the pointer, on the ground of the theme.
function hover(context, { x, y, size, label, color }, settings) {
  if (!label) return;
  context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
  const width = context.measureText(label).width;
  context.fillStyle = hex(colour("--raised"));
  context.strokeStyle = color;
  context.beginPath();
  context.roundRect(x - size - 4, y - 11, width + 2 * size + 14, 22, 11);
  context.fill();
  context.stroke();
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = hex(colour("--ink"));
  context.fillText(label, x + size + 3, y + settings.labelSize / 3);
}

function controls(drawn) {
  const camera = drawn.getCamera();
  const button = (text, name, onclick) =>
    element("button", { type: "button", "aria-label": name, title: name, onclick }, text);
  return element("div", { class: "controls" },
    button("+", "Zoom in", () => camera.animatedZoom({ duration: 200 })),
    button("−", "Zoom out", () => camera.animatedUnzoom({ duration: 200 })),
    button("⤢", "Show all", () => camera.animatedReset({ duration: 200 })));
}

function slider({ monday, weeks }, graph, visible, state, refresh) {
  const range = element("input", { type: "range", id: "network-week", min: -1, max: weeks - 1, value: -1 });
  const output = element("output", { for: "network-week" });
  const say = () => {
    state.week = Number(range.value);
    const start = new Date(monday + state.week * WEEK);
    const end = new Date(start.getTime() + 6 * DAY);
    const count = graph.filterEdges(visible).length;
    const when = state.week < 0 ? "all of the time" : FORMAT.formatRange(start, end);
    output.value = `${when}: ${counted(count, "edge")}`;
    range.setAttribute("aria-valuetext", output.value);
    refresh();
  };
  range.addEventListener("input", () => {
    say();
    const day = new Date(monday + state.week * WEEK).toISOString().slice(0, 10);
    history.replaceState(null, "", state.week < 0 ? location.pathname + location.search : `#week=${day}`);
  });
  const wanted = Date.parse(new URLSearchParams(location.hash.slice(1)).get("week"));
  const at = Math.floor((wanted - monday) / WEEK);
  if (at >= 0 && at < weeks) range.value = at;
  say();
  return element("div", { class: "network-time" },
    element("label", { for: "network-week" }, "Week"), range, output);
}

for (const holder of document.querySelectorAll("[data-network]")) enhance(holder);
