// Makes a page handy: current without loading anew, pictures that zoom, paths that light up, keys. The page is complete
// without this.
import { offerCopies } from "./copy.js";
import { offerFilter } from "./filter.js";
import { listenToKeys } from "./keys.js";
import { follow } from "./live.js";
import { lightPaths } from "./paths.js";
import { offerZoom } from "./picture.js";
import { offerPreview } from "./preview.js";
import { onRefresh, refresh } from "./refresh.js";
import { offerSlider } from "./slider.js";

function dress() {
  offerZoom();
  lightPaths();
  offerFilter();
  offerCopies();
  offerSlider();
}

dress();
onRefresh(dress);
offerPreview();
listenToKeys();
// The past does not change.
if (!("past" in document.documentElement.dataset)) {
  follow(refresh);
}
