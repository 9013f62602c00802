// Tells when something changed: by one stream that all tabs of the browser share, or by looking now and then.

/** Milliseconds between two looks where no stream tells what changes, and where one does: ages grow all the same. */
const POLL = 15_000;
const CALM = 30_000;

/** Calls `look` whenever there may be something new to see. */
export function follow(look) {
  if (new URLSearchParams(location.search).has("at") || document.documentElement.hasAttribute("data-past")) {
    return;
  }
  let every = POLL;
  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void look();
      again();
    }, every);
  };
  shareStream((live) => {
    every = live ? CALM : POLL;
    again();
    if (live) {
      void look();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      void look();
      again();
    }
  });
  again();
}

/**
 * Joins the stream of all tabs. In frames nobody knows how many there are, and old browsers have no shared workers:
 * there pages are asked for again and again.
 */
function shareStream(heard) {
  if (window.top !== window || typeof SharedWorker === "undefined") {
    return;
  }
  const port = joinWorker();
  if (port === undefined) {
    return;
  }
  const say = () => port.postMessage(document.hidden ? "hidden" : "shown");
  port.addEventListener("message", ({ data }) => heard(data === "changed"));
  port.start();
  say();
  document.addEventListener("visibilitychange", say);
  window.addEventListener("pagehide", () => port.postMessage("gone"));
  window.addEventListener("pageshow", say);
}

function joinWorker() {
  try {
    return new SharedWorker(new URL("./live-worker.js", import.meta.url), { name: "dotm" }).port;
  } catch {
    // Where storage is forbidden, so are shared workers.
    return undefined;
  }
}
