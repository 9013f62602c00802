// The time slider: a range whose places are the moments the page lists; letting go of it leads to the page as of then.
//
//   <input type="range" data-moments="1795402800 1795403700 …" data-parameter="at">

/** Dresses the sliders of the page. */
export function offerSlider() {
  tellSeconds();
  for (const range of document.querySelectorAll("input[type=range][data-moments]")) {
    const moments = range.dataset.moments.split(" ").filter(Boolean);
    const tell = () => {
      const at = Number(moments[Number(range.value)]);
      range.setAttribute("aria-valuetext", Number.isFinite(at) ? new Date(at * 1000).toLocaleString() : "now");
    };
    range.addEventListener("input", tell);
    range.addEventListener("change", () => go(range.dataset.parameter ?? "at", moments[Number(range.value)]));
    tell();
  }
}

/** A range of Unix seconds in a form says its moment in words: `<input type="range" data-seconds="ID OF THE OUTPUT">`. */
function tellSeconds() {
  for (const range of document.querySelectorAll("input[type=range][data-seconds]")) {
    const tell = () => {
      const words = new Date(range.value * 1000).toLocaleString();
      range.setAttribute("aria-valuetext", words);
      document.getElementById(range.dataset.seconds).textContent = words;
    };
    range.addEventListener("input", tell);
    tell();
  }
}

function go(parameter, moment) {
  const others = location.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !part.startsWith(`${parameter}=`));
  const query = [...others, ...(moment === undefined ? [] : [`${parameter}=${encodeURIComponent(moment)}`])].join("&");
  location.href = location.pathname + (query === "" ? "" : `?${query}`);
}
