// Shows what a form would answer while it is filled in: the part #preview of its page, a moment after the last key.

/** Milliseconds after the last key. */
const PAUSE = 350;

let timer = 0;
let asked = 0;

/** Begins to watch the forms that have a preview. */
export function offerPreview() {
  for (const form of document.querySelectorAll("form[data-live-preview]")) {
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(form), PAUSE);
    });
  }
}

async function look(form) {
  const query = new URLSearchParams(new FormData(form)).toString();
  asked += 1;
  const mine = asked;
  if (!form.checkValidity()) {
    return;
  }
  try {
    const answer = await fetch(`${location.pathname}?${query}`, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("preview");
    // Of several answers under way only the newest counts.
    if (answer.ok && now !== null && mine === asked) {
      document.getElementById("preview")?.replaceWith(document.adoptNode(now));
      history.replaceState(null, "", `${location.pathname}?${query}`);
    }
  } catch {
    // The server is away; the button says so.
  }
}
