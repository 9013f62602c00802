// The time slider: a range of Unix seconds in a form says its moment in words.
//
//   <input type="range" data-seconds="ID OF THE OUTPUT">

/** Dresses the sliders of the page. */
export function offerSlider() {
  for (const range of document.querySelectorAll("input[type=range][data-seconds]")) {
    const tell = () => {
      // With its zone: where clocks are put back an hour comes twice.
      const words = new Date(range.value * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
      range.setAttribute("aria-valuetext", words);
      document.getElementById(range.dataset.seconds).textContent = words;
    };
    range.addEventListener("input", tell);
    tell();
  }
}
