/** Lays one picture out and draws it, as a process of its own: `node bench/layout/draw-once.js SERVICES > picture.svg`. */
import { layeredLayout } from "../../dist/src/render/layered-layout.js";
import { draw } from "./draw.js";
import { generatedPicture } from "./generated-picture.js";

const picture = generatedPicture(Number(process.argv[2] ?? 50));
process.stdout.write(draw(picture, layeredLayout(picture)));
