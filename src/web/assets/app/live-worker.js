// The one stream of all tabs of a browser: over HTTP/1.1 a seventh stream would block everything else. It is open while
// any of the tabs is looked at.

const STREAM = new URL("../../api/v1/changes", self.location.href);

/** Failures in a row after which tabs are told to look by themselves. */
const PATIENCE = 2;

/** Each tab's port, and whether the tab is looked at. */
const tabs = new Map();
let source = null;
let failures = 0;

self.addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => {
    if (data === "gone") {
      tabs.delete(port);
    } else {
      tabs.set(port, data === "shown");
    }
    openOrClose();
  });
  port.start();
});

function openOrClose() {
  const wanted = [...tabs.values()].includes(true);
  if (wanted && source === null) {
    source = open();
  } else if (!wanted && source !== null) {
    source.close();
    source = null;
  }
}

function open() {
  const stream = new EventSource(STREAM);
  for (const name of ["changes", "reset"]) {
    stream.addEventListener(name, () => tell("changed"));
  }
  stream.addEventListener("revision", () => {
    failures = 0;
  });
  stream.addEventListener("error", () => {
    failures += 1;
    if (failures >= PATIENCE) {
      tell("away");
    }
    // An answer that is no stream (too many of them) ends it for good; it is tried again after a while.
    if (stream.readyState === EventSource.CLOSED && stream === source) {
      source = null;
      setTimeout(openOrClose, 30_000);
    }
  });
  return stream;
}

function tell(news) {
  for (const [port, shown] of tabs) {
    if (shown) {
      port.postMessage(news);
    }
  }
}
