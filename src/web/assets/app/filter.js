// A field that leaves only what holds its words: other rows of tables go, other boxes of pictures fade. The words stand
// behind the # of the address, so that the view can be passed on.

const MARK = "#filter=";

/** Offers the field above the first picture or table of the page. */
export function offerFilter() {
  const place = document.querySelector("#main .picture, #main .table");
  // Pages that find by themselves need no second field.
  const finds = document.querySelector("#main .find") !== null;
  if (finds || place === null || document.querySelectorAll("#main tbody tr, #main svg a").length < 8) {
    return;
  }
  const field = document.createElement("input");
  field.type = "search";
  field.id = "filter";
  field.autocomplete = "off";
  field.placeholder = "host, service or state";
  field.value = location.hash.startsWith(MARK) ? decode(location.hash.slice(MARK.length)) : "";
  const label = document.createElement("label");
  label.className = "filter";
  label.dataset.keep = "";
  label.append("Filter ", field);
  const bar = place.querySelector(".zoom");
  if (bar === null) {
    (place.querySelector("h2") ?? place.firstElementChild).after(label);
  } else {
    bar.prepend(label);
  }
  field.addEventListener("input", () => {
    const hash = field.value === "" ? "" : MARK + encodeURIComponent(field.value);
    history.replaceState(null, "", location.pathname + location.search + hash);
    apply(field.value);
  });
  apply(field.value);
}

function apply(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (said) => words.every((word) => said.toLowerCase().includes(word));
  for (const row of document.querySelectorAll("#main tbody tr")) {
    row.hidden = !matches(row.textContent);
  }
  for (const link of document.querySelectorAll("#main svg a")) {
    link.classList.toggle("out", !matches(link.getAttribute("aria-label") ?? ""));
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
