// For pages of Nagios (common-header.ssi), Thruk and their kin: repairs links to DOTM, adds an icon to every row that has
// none, and shows what else is hit beside the row that the pointer or the focus is on. Where DOTM is away nothing is seen.
//
//   <script src="http://dotm.example.net:4880/assets/nagios.js" defer data-icons="missing" data-hover="1"></script>

// A block of constants, so that nothing of it becomes known to the page around.
{
  const script = document.currentScript;
  const base = new URL("..", script.src).href;
  const withIcons = script.dataset.icons === "missing";
  const withHover = script.dataset.hover !== "0";

  /** Milliseconds a pointer rests on a row before something shows. */
  const REST = 250;
  const WIDTH = 460;

  let box = null;
  let timer = 0;

  const dress = () => {
    const links = [...document.querySelectorAll("a[href]")];
    const ours = links.filter((link) => targetOf(link) !== null);
    for (const link of ours) {
      const { host, check } = targetOf(link);
      link.setAttribute("href", addressOf("graph", host, check));
      offer(link, host, check);
    }
    if (withIcons) {
      addIcons(links, ours);
    }
    document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    window.addEventListener("scroll", hide, { passive: true });
  };

  const addIcons = (links, ours) => {
    const known = new Map();
    for (const link of ours) {
      note(known, rowOf(link), link.getAttribute("href").includes("&srv=") ? "2" : "1");
    }
    for (const link of links) {
      addIcon(link, known);
    }
  };

  /** Host and check of a link to DOTM as Nagios wrote it: macros raw, nothing encoded. */
  const targetOf = (link) => {
    const raw = link.getAttribute("href");
    const [address, ...rest] = raw.split("?");
    const query = rest.join("?");
    const path = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : "";
    if (!path.startsWith(base) || !/^(?:graph|image|popup|embed\/graph)$/.test(path.slice(base.length))) {
      return null;
    }
    const [, host = "", check = ""] = /(?:^|&)host=(.*?)(?:&(?:amp;)?srv=(.*))?$/s.exec(query) ?? [];
    return host === "" ? null : { host: decode(host), check: decode(check) };
  };

  /** What may be encoded and may be not: a percent sign that encodes nothing stays one, a plus is a plus. */
  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const addressOf = (page, host, check) => {
    const service = check === "" ? "" : `&srv=${encodeURIComponent(check)}`;
    return `${base}${page}?host=${encodeURIComponent(host)}${service}`;
  };

  /** The row of the list; Nagios puts tables into the cells of tables. */
  const rowOf = (link) => {
    return link.closest("table.status > tbody > tr") ?? link.closest("tr") ?? document.body;
  };

  /** Notes that a row has a link for its host (1) or its check (2); false where it had one. */
  const note = (known, row, type) => {
    const types = known.get(row) ?? new Set();
    known.set(row, types);
    return !types.has(type) && types.add(type) !== undefined;
  };

  /** An icon behind Nagios' own link to a host or a check, where its row has no link to DOTM. */
  const addIcon = (link, known) => {
    const [, query] = /\bextinfo\.cgi\?(.*)$/.exec(link.getAttribute("href")) ?? [];
    const asked = new URLSearchParams(query ?? "");
    const [type, host] = [asked.get("type"), asked.get("host")];
    const check = type === "2" ? (asked.get("service") ?? "") : "";
    const speaks = host && link.querySelector("img") === null && (type === "1" || check !== "");
    if (!speaks || !note(known, rowOf(link), type)) {
      return;
    }
    const icon = document.createElement("a");
    icon.href = addressOf("graph", host, check);
    icon.target = "_blank";
    icon.rel = "noopener";
    icon.textContent = "⇶";
    icon.setAttribute("aria-label", `Trouble map of ${host}${check === "" ? "" : ` / ${check}`}`);
    Object.assign(icon.style, { marginLeft: "0.4em", textDecoration: "none" });
    link.after(icon);
    offer(icon, host, check);
  };

  const offer = (link, host, check) => {
    if (!withHover) {
      return;
    }
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(link, addressOf("popup", host, check)), REST);
    };
    link.addEventListener("mouseenter", later);
    link.addEventListener("focus", later);
    link.addEventListener("mouseleave", hide);
    link.addEventListener("blur", hide);
    link.removeAttribute("title");
  };

  const show = (link, address) => {
    hide();
    const image = new Image();
    image.alt = "What else is hit";
    image.width = WIDTH;
    const popup = document.createElement("div");
    popup.id = "dotm-popup";
    popup.setAttribute("role", "tooltip");
    Object.assign(popup.style, {
      position: "fixed",
      zIndex: "2147483647",
      pointerEvents: "none",
      visibility: "hidden",
      border: "1px solid #59636e",
      borderRadius: "6px",
      overflow: "hidden",
      background: "#fff",
      boxShadow: "0 4px 18px rgb(0 0 0 / 30%)",
    });
    popup.append(image);
    image.style.display = "block";
    image.addEventListener("load", () => place(popup, link));
    image.addEventListener("error", () => popup.remove());
    image.src = address;
    link.setAttribute("aria-describedby", popup.id);
    document.body.append(popup);
    box = { popup, link };
  };

  /** Below the row or above it, beside it where neither has room, and never beyond the window. */
  const place = (popup, link) => {
    const at = link.getBoundingClientRect();
    const row = rowOf(link).getBoundingClientRect();
    const { width, height } = popup.getBoundingClientRect();
    const spaces = [
      { left: at.left, top: at.bottom + 6, fits: at.bottom + 6 + height <= innerHeight },
      { left: at.left, top: at.top - height - 6, fits: at.top - height - 6 >= 0 },
      { left: row.right + 8, top: at.top - height / 2, fits: row.right + 8 + width <= innerWidth },
    ];
    const { left, top } = spaces.find(({ fits }) => fits) ?? spaces[0];
    Object.assign(popup.style, {
      left: `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`,
      top: `${Math.max(4, Math.min(top, innerHeight - height - 4))}px`,
      visibility: "visible",
    });
  };

  const hide = () => {
    clearTimeout(timer);
    box?.popup.remove();
    box?.link.removeAttribute("aria-describedby");
    box = null;
  };

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", dress);
  } else {
    dress();
  }
}
