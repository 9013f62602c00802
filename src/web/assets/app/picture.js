// Pictures that zoom and pan: the picture is drawn larger or smaller, and its frame scrolls.

const SMALLEST = 0.15;
const LARGEST = 6;
const STEP = 1.25;

/** Where each picture of the page stands, kept while parts of the page are replaced: scale and scrolling, by its number. */
const kept = [];

/** Dresses all pictures of the page. */
export function offerZoom() {
  for (const [number, frame] of pictures().entries()) {
    const view = viewOf(frame);
    frame.classList.add("zooms");
    frame.before(toolbar(view));
    listen(view);
    const before = kept[number];
    if (before?.scale !== undefined) {
      view.zoom(before.scale);
    }
    if (before !== undefined) {
      frame.scrollTo(before.left, before.top);
    } else {
      view.showFocus();
    }
    const remember = () => {
      kept[number] = { scale: view.scale, left: frame.scrollLeft, top: frame.scrollTop };
    };
    view.changed = remember;
    frame.addEventListener("scroll", remember, { passive: true });
  }
}

/** Acts on the first picture: `in`, `out`, `fit`, `plain`. */
export function zoomFirst(how) {
  document.querySelector(`.zoom [data-zoom="${how}"]`)?.click();
}

/** Scrolls the first picture. */
export function panFirst(x, y) {
  pictures()[0]?.scrollBy(x, y);
}

function pictures() {
  return [...document.querySelectorAll(".picture > .scroll")].filter((frame) => frame.querySelector("svg") !== null);
}

function viewOf(frame) {
  const svg = frame.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const drawn = () => svg.getBoundingClientRect().width / width;
  const view = {
    frame,
    svg,
    /** Undefined until somebody zooms: the style sheet says how large the picture is. */
    scale: undefined,
    changed: () => undefined,
    /** Draws at a scale; the point of the frame stays where it is. */
    zoom(scale, at = { x: frame.clientWidth / 2, y: frame.clientHeight / 2 }) {
      const before = drawn();
      const now = Math.min(LARGEST, Math.max(SMALLEST, scale));
      const left = (frame.scrollLeft + at.x) * (now / before) - at.x;
      const top = (frame.scrollTop + at.y) * (now / before) - at.y;
      frame.classList.remove("fits");
      svg.setAttribute("width", Math.round(width * now));
      svg.setAttribute("height", Math.round(height * now));
      view.scale = now;
      frame.scrollTo(left, top);
      view.changed();
    },
    by(factor, at) {
      view.zoom(drawn() * factor, at);
    },
    fit() {
      view.zoom(Math.min(frame.clientWidth / width, Math.max(240, innerHeight * 0.8) / height, LARGEST));
    },
    showFocus() {
      const focus = svg.querySelector("[data-focus]")?.getBoundingClientRect();
      if (focus !== undefined) {
        const around = frame.getBoundingClientRect();
        frame.scrollLeft += focus.left + focus.width / 2 - around.left - around.width / 2;
        frame.scrollTop += focus.top + focus.height / 2 - around.top - around.height / 2;
      }
    },
  };
  return view;
}

function listen(view) {
  const { frame } = view;
  const at = (event) => {
    const { left, top } = frame.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  // The wheel alone scrolls the page, as everywhere; with Ctrl, which is what a pinch on a pad sends, it zooms.
  frame.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        view.by(Math.exp(-event.deltaY / 300), at(event));
      }
    },
    { passive: false },
  );
  drag(frame);
}

/** Pulls the picture by its ground; a press that does not move remains a click on what lies there. */
function drag(frame) {
  let from = null;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse") {
      from = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop, moved: false };
    }
  });
  frame.addEventListener("pointermove", (event) => {
    if (from === null || (event.buttons & 1) === 0) {
      from = null;
      return;
    }
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (from.moved || Math.hypot(x, y) > 4) {
      from.moved = true;
      frame.classList.add("pulled");
      frame.scrollTo(from.left - x, from.top - y);
    }
  });
  frame.addEventListener(
    "click",
    (event) => {
      if (frame.classList.contains("pulled")) {
        event.preventDefault();
        event.stopPropagation();
      }
      frame.classList.remove("pulled");
    },
    true,
  );
  frame.addEventListener("dragstart", (event) => event.preventDefault());
}

function toolbar(view) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Size of the picture");
  const add = (how, sign, name, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.zoom = how;
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    bar.append(button);
  };
  add("in", "+", "Larger (+)", () => view.by(STEP));
  add("out", "−", "Smaller (-)", () => view.by(1 / STEP));
  add("fit", "fit", "Fit into the window (f)", () => view.fit());
  add("plain", "1:1", "1:1, as it was drawn (0)", () => view.zoom(1));
  return bar;
}
