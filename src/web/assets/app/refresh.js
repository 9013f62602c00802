// Asks for the page again by its tag, and where something changed puts the new parts in the place of the old ones.

/**
 * Milliseconds between two looks, at least and at most. Between them it is as many times as long as the last one took:
 * where pages come quickly changes are seen at once, and a server or a browser that has much to do is asked less often.
 */
const SOON = 50;
const PACE = 1_000;
const REST = 4;

const PARTS = ["#main", ".fresh", ".banner-place"];

const listeners = [];
let tag = "";
let looking = false;
let again = false;

/** Calls back whenever parts of the page were replaced. */
export function onRefresh(listener) {
  listeners.push(listener);
}

/** Looks now, or as soon as the present look is over. */
export async function refresh() {
  if (looking) {
    again = true;
    return;
  }
  if (document.hidden) {
    return;
  }
  looking = true;
  const begun = performance.now();
  await look();
  const pause = Math.min(PACE, Math.max(SOON, REST * (performance.now() - begun)));
  setTimeout(() => {
    looking = false;
    if (again) {
      again = false;
      void refresh();
    }
  }, pause);
}

async function look() {
  try {
    const headers = tag === "" ? {} : { "If-None-Match": tag };
    const answer = await fetch(location.href, { headers, cache: "no-store" });
    if (answer.status === 200 && (answer.headers.get("content-type") ?? "").startsWith("text/html")) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      tag = answer.headers.get("etag") ?? "";
      show(fresh);
    }
  } catch {
    // The server is away; the page stays as it is and says how old it is.
  }
}

/** True while somebody writes into a form of the page: nothing is taken from under their hands. */
function isBusy() {
  if (document.querySelector("[data-still]") !== null) {
    return true;
  }
  const field = document.activeElement?.closest("#main input, #main textarea, #main select");
  return field != null && field.closest("[data-keep]") === null;
}

function show(fresh) {
  if (isBusy()) {
    return;
  }
  const headline = textOf("h1");
  const focused = addressOf(document.activeElement);
  for (const part of PARTS) {
    const old = document.querySelector(part);
    const now = fresh.querySelector(part);
    if (old !== null && now !== null) {
      old.replaceWith(document.adoptNode(now));
    }
  }
  for (const listener of listeners) {
    listener();
  }
  if (focused !== null) {
    [...document.querySelectorAll("#main a")]
      .find((each) => addressOf(each) === focused)
      ?.focus({ preventScroll: true });
  }
  const said = textOf("h1");
  if (said.includes("CRITICAL") && !headline.includes("CRITICAL")) {
    document.getElementById("news").textContent = said;
  }
}

function addressOf(link) {
  return link?.closest("#main") == null ? null : link.getAttribute("href");
}

function textOf(selector) {
  return document.querySelector(selector)?.textContent ?? "";
}
