// For pages of Nagios (common-header.ssi), Thruk and their kin: repairs links to DOTM, adds an icon to every host and
// check that has none, counts beside it the services that its problem takes with it, and shows them where the pointer or
// the focus rests. Where DOTM is away nothing is seen.
//
//   <script src="http://dotm.example.net:4880/assets/nagios.js" defer data-icons="missing" data-hover="1"></script>
//
// Counts are read by the browser: where DOTM has another origin than the page, that is allowed by `web.cors_origins` and
// asked for by data-badges="1".

// A block of constants, so that nothing of it becomes known to the page around.
{
  const script = document.currentScript;
  const base = new URL("..", script.src).href;
  const withIcons = script.dataset.icons === "missing";
  const withHover = script.dataset.hover !== "0";
  const withBadges =
    script.dataset.badges === "1" || (base.startsWith(`${location.origin}/`) && !script.dataset.badges);

  /** Milliseconds a pointer rests on a row before something shows. */
  const REST = 250;
  const WIDTH = 460;

  let box = null;
  let timer = 0;

  /** What each row has a link to already, and those links. */
  const known = new Map();
  const dressed = [];

  const dress = () => {
    const links = [...document.querySelectorAll("a[href]")];
    const targets = links.map((link) => [link, targetOf(link)]);
    const ours = new Map(targets.filter(([, target]) => target !== null));
    for (const [link, { host, check }] of ours) {
      link.setAttribute("href", addressOf("graph", host, check));
      note(link, host, check);
      offer(link, host, check);
    }
    if (withIcons) {
      addIcons(links.filter((link) => !ours.has(link)));
    }
    document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    window.addEventListener("scroll", hide, { passive: true });
    if (withBadges && dressed.length > 0) {
      void addBadges();
    }
  };

  /** Behind names; behind signs only where the row has no name that leads to the thing; else behind the page's title. */
  const addIcons = (links) => {
    const isSign = (link) => link.querySelector("img") !== null;
    for (const link of [...links.filter((each) => !isSign(each)), ...links.filter(isSign)]) {
      const target = nagiosTargetOf(link.getAttribute("href"));
      if (target !== null) {
        addIcon(link, target);
      }
    }
    const shown = nagiosTargetOf(location.href);
    const title = document.querySelector(".dataTitle");
    if (shown !== null && title !== null && !dressed.some(({ key }) => key === keyOf(shown.host, shown.check))) {
      addIcon(title.appendChild(document.createElement("span")), shown);
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
    return host === "" ? null : { host: decode(host), check: check === "_HOST_" ? "" : decode(check) };
  };

  /** Host and check that one of Nagios' own pages is about. */
  const nagiosTargetOf = (address) => {
    const [, query = ""] = /\bextinfo\.cgi\?([^#]*)/.exec(address) ?? [];
    const asked = new URLSearchParams(query);
    const [type, host, check] = ["type", "host", "service"].map((name) => asked.get(name) ?? "");
    if (host === "" || !(type === "1" || (type === "2" && check !== ""))) {
      return null;
    }
    return { host, check: type === "2" ? check : "" };
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

  const keyOf = (host, check) => `${host}\n${check}`;

  /** Notes that a row has a link to a thing; false where it had one. */
  const note = (link, host, check) => {
    const key = keyOf(host, check);
    const row = rowOf(link);
    const things = known.get(row) ?? new Set();
    known.set(row, things);
    if (things.has(key)) {
      return false;
    }
    things.add(key);
    dressed.push({ link, key });
    return true;
  };

  /** An icon behind Nagios' own link to a host or a check, where its row has no link to DOTM. */
  const addIcon = (link, { host, check }) => {
    const icon = document.createElement("a");
    icon.href = addressOf("graph", host, check);
    icon.target = "_blank";
    icon.rel = "noopener";
    icon.textContent = "⇶";
    icon.setAttribute("aria-label", `Trouble map of ${host}${check === "" ? "" : ` / ${check}`}`);
    Object.assign(icon.style, { marginLeft: "0.4em", textDecoration: "none" });
    link.after(icon);
    if (note(icon, host, check)) {
      offer(icon, host, check);
    } else {
      icon.remove();
    }
  };

  /** One question for the whole page; without an answer nothing is added. */
  const addBadges = async () => {
    try {
      const answer = await fetch(`${base}api/v1/badges`);
      const { items } = await answer.json();
      const counts = new Map(items.map(({ host, check, services }) => [keyOf(host, check ?? ""), services]));
      for (const { link, key } of dressed.filter(({ key: each }) => counts.has(each))) {
        addBadge(link, counts.get(key));
      }
    } catch {
      // DOTM is away, or does not allow this page to ask.
    }
  };

  const addBadge = (link, services) => {
    const badge = document.createElement("span");
    const text = `${services} ${services === 1 ? "service" : "services"} may be affected`;
    badge.className = "dotm-badge";
    badge.textContent = String(services);
    badge.setAttribute("aria-hidden", "true");
    const name = link.getAttribute("aria-label") ?? link.querySelector("img")?.alt ?? link.textContent;
    link.setAttribute("aria-label", `${name}: ${text}`);
    Object.assign(badge.style, {
      display: "inline-block",
      marginLeft: "3px",
      padding: "0 5px",
      borderRadius: "8px",
      background: "#b5172f",
      color: "#fff",
      font: "bold 11px/15px sans-serif",
      verticalAlign: "middle",
    });
    link.append(badge);
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
