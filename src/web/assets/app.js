// Keeps a page current: asks again with the page's tag, and where something changed puts the new main part in place.
// The page is complete without this.
const EVERY = 15_000;
let tag = "";
let timer = 0;

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
}

async function look() {
  if (document.hidden) {
    return;
  }
  try {
    const answer = await fetch(location.href, {
      headers: tag === "" ? {} : { "If-None-Match": tag },
      cache: "no-store",
    });
    if (answer.status === 200 && (answer.headers.get("content-type") ?? "").startsWith("text/html")) {
      tag = answer.headers.get("etag") ?? "";
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The server is away; the page stays as it is and says how old it is.
  }
  schedule();
}

function show(fresh) {
  const headline = document.querySelector("h1")?.textContent ?? "";
  const scrolls = [...document.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
  const focused = document.activeElement?.getAttribute("href");
  for (const part of ["#main", ".fresh"]) {
    const old = document.querySelector(part);
    const now = fresh.querySelector(part);
    if (old !== null && now !== null) {
      old.replaceWith(document.adoptNode(now));
    }
  }
  for (const [index, each] of [...document.querySelectorAll(".scroll")].entries()) {
    each.scrollLeft = scrolls[index] ?? 0;
  }
  if (focused) {
    [...document.querySelectorAll("#main a")].find((each) => each.getAttribute("href") === focused)?.focus();
  }
  const said = document.querySelector("h1")?.textContent ?? "";
  if (said.includes("CRITICAL") && !headline.includes("CRITICAL")) {
    document.getElementById("news").textContent = said;
  }
}

// Where the picture is wider than the window, what it is about comes into sight.
function showFocus() {
  for (const scroll of document.querySelectorAll(".scroll")) {
    const focus = scroll.querySelector("[data-focus]")?.getBoundingClientRect();
    if (focus !== undefined && scroll.scrollWidth > scroll.clientWidth) {
      const frame = scroll.getBoundingClientRect();
      scroll.scrollLeft += focus.left + focus.width / 2 - frame.left - frame.width / 2;
    }
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    void look();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(?:INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) {
    event.preventDefault();
    document.getElementById("search-host")?.focus();
  }
});
showFocus();
schedule();
