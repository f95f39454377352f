// From day to day without leaving the page: what the server says of the day takes the place of what
// it said of the one before, the address follows, and a button plays the days one after another.

import { element } from "./dom.js";

const PAUSE = 2200; // milliseconds for which a day stays while the days are played

// The page of an address, or null where it cannot be had.
async function read(address) {
  const response = await fetch(address, { headers: { accept: "text/html" } });
  return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
}

// Puts the parts of another page that tell of its day in the place of those of this page.
function swap(other) {
  const focused = document.activeElement?.closest?.("[data-swap] a[rel]")?.rel;
  for (const part of document.querySelectorAll("[data-swap]")) {
    const found = other.querySelector(`[data-swap="${part.dataset.swap}"]`);
    if (found) part.replaceChildren(...document.adoptNode(found).childNodes);
  }
  const field = document.getElementById("filter-day");
  const given = other.getElementById("filter-day");
  if (field && given) field.value = given.value;
  document.querySelector(".formats")?.replaceWith(document.adoptNode(other.querySelector(".formats")));
  document.querySelectorAll("[data-map] > svg").forEach((drawn) => {
    const found = other.querySelector("[data-map] > svg");
    if (found && !drawn.hasAttribute("hidden")) drawn.replaceWith(document.adoptNode(found));
  });
  if (focused) document.querySelector(`[data-swap] a[rel="${focused}"]`)?.focus();
  document.querySelectorAll("[data-map]").forEach((map) => map.dispatchEvent(new Event("daychange")));
}

export function stepThroughDays(holder) {
  let turn = 0; // which step is the last one asked for; answers to others come too late

  async function show(address, how) {
    const mine = ++turn;
    const other = await read(address).catch(() => null);
    if (mine !== turn) return false;
    if (!other?.querySelector("[data-days]") || (other.querySelector("[data-map]") && !document.querySelector("[data-map]"))) {
      location.assign(address);
      return false;
    }
    swap(other);
    if (how) history[how](null, "", address);
    return true;
  }

  holder.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    stop();
    show(link.href, "pushState");
  });
  addEventListener("popstate", () => { stop(); show(location.href, ""); });

  const button = element("button", { type: "button", class: "play", "aria-pressed": "false" }, "Play the days");
  let timer = 0;
  const next = () => holder.querySelector('a[rel="next"]') ?? holder.querySelector(".stepper:not(:has(.strip)) a[href]");
  function stop() {
    clearTimeout(timer);
    timer = 0;
    button.textContent = "Play the days";
    button.setAttribute("aria-pressed", "false");
  }
  async function play() {
    const link = next();
    if (!link || !(await show(link.href, "replaceState"))) return stop();
    if (timer) timer = setTimeout(play, PAUSE);
  }
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    timer = -1;
    button.textContent = "Stop";
    button.setAttribute("aria-pressed", "true");
    play();
  });
  holder.append(button);
}
