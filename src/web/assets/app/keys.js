// Keys, as a monitoring screen is used with them: each does what a link or button of the page does, too.
import { panFirst, zoomFirst } from "./picture.js";

const PAN = 80;

const KEYS = {
  "/": ["search a host", () => document.getElementById("search-host")?.focus()],
  i: ["filter what is shown", () => document.getElementById("filter")?.focus()],
  f: ["fit the picture into the window", () => zoomFirst("fit")],
  "+": ["larger picture", () => zoomFirst("in")],
  "-": ["smaller picture", () => zoomFirst("out")],
  0: ["picture as it was drawn", () => zoomFirst("plain")],
  ArrowLeft: ["move the picture", () => panFirst(-PAN, 0)],
  ArrowRight: ["", () => panFirst(PAN, 0)],
  ArrowUp: ["", () => panFirst(0, -PAN)],
  ArrowDown: ["", () => panFirst(0, PAN)],
  "[": ["earlier, or the page before", () => press("[rel~=prev]")],
  "]": ["later, or the next page", () => press("[rel~=next]")],
  l: ["back to now", () => press("[data-live]")],
  t: ["next theme", nextTheme],
  "?": ["this help", help],
};

/** Listens for them everywhere but in fields. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const known = KEYS[event.key];
    const writes = event.target.closest?.("input, textarea, select, [contenteditable]") ?? null;
    if (event.key === "Escape") {
      writes?.blur();
    }
    if (known === undefined || writes !== null || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const arrow = event.key.startsWith("Arrow");
    if (arrow && document.activeElement?.closest(".picture") == null) {
      return;
    }
    event.preventDefault();
    known[1]();
  });
}

function press(selector) {
  document.querySelector(`.banner-place ${selector}, main ${selector}`)?.click();
}

function nextTheme() {
  const links = [...document.querySelectorAll('nav[aria-label="Theme"] a')];
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(current + 1) % links.length]?.click();
}

function help() {
  const open = document.querySelector("dialog.keys");
  if (open !== null) {
    open.remove();
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  for (const [key, [what]] of Object.entries(KEYS)) {
    if (what !== "") {
      const name = document.createElement("dt");
      const meaning = document.createElement("dd");
      name.append(
        Object.assign(document.createElement("kbd"), { textContent: key.startsWith("Arrow") ? "← ↑ → ↓" : key }),
      );
      meaning.textContent = what;
      list.append(name, meaning);
    }
  }
  dialog.append(list);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
