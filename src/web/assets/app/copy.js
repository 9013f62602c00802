// Buttons beside the verdict that copy it, with the address of the page, for a chat or a ticket.

/** Offers them where there is a verdict. */
export function offerCopies() {
  const place = document.querySelector(".verdict .links");
  if (place === null || place.querySelector("button") !== null) {
    return;
  }
  offer(place, "Copy link", () => location.href);
  offer(place, "Copy as text", asText);
}

function asText() {
  const rows = [...document.querySelectorAll("#table tbody tr:not([hidden])")].slice(0, 30).map((row) =>
    [...row.cells]
      .map((cell) => cell.textContent.trim().replace(/\s+/g, " "))
      .filter(Boolean)
      .join(" | "),
  );
  const said = [...document.querySelectorAll(".verdict h1, .verdict > p:not(.links)")];
  return [...said.map((each) => each.textContent.trim().replace(/\s+/g, " ")), ...rows, location.href].join("\n");
}

function offer(place, name, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  button.addEventListener("click", async () => {
    const done = await copy(text());
    button.textContent = done ? "Copied" : "Cannot copy";
    setTimeout(() => {
      button.textContent = name;
    }, 2_000);
  });
  place.append(" ", button);
}

/** Over plain HTTP browsers hide their clipboard; there the old way is left. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
