/** Does the web side answer, and does it say that it is ready? */
import type { Config } from "../../config/config-value.ts";
import { askReady } from "../ask-ready.ts";
import { broken, doubtful, type Finding, fine } from "./finding.ts";

const PART = "web";

/** Asks `/readyz` below the address of the pages; `certFile` is the certificate that is to be shown there. */
export async function examineWeb(base: string, program: string, certFile?: string): Promise<Finding> {
  const answer = await askReady(base, certFile);
  switch (answer.kind) {
    case "ready":
      return fine(PART, `${base} is ready`);
    case "unready":
      return broken(PART, `${answer.url} answers ${answer.status}: ${answer.text}`, "See the parts above.");
    case "silent":
      return broken(
        PART,
        `${answer.url} does not answer: ${answer.reason}`,
        `Start the daemon (systemctl start dotm, or ${program} serve), or name its address: --web URL`,
      );
  }
}

/** Browsers show pages in the frame of another site only where it is named. */
export function examineFrames({ sources, web }: Pick<Config, "sources" | "web">): Finding[] {
  const frames = sources.some(({ type }) => type === "icinga2") && web.frameAncestors.length === 0;
  const text = "web.frame_ancestors names no other site, so Icinga Web cannot show pages of DOTM in a frame";
  return frames ? [doubtful(PART, text, `In dotm.yaml: web: { frame_ancestors: ["https://icinga.example.com"] }`)] : [];
}

/** What who sits at this machine may do, and with them whoever a proxy brings that does not say so. */
export function examineLoopback({ auth: { loopback } }: Pick<Config, "auth">): Finding {
  const rank = loopback === null ? "a stranger" : `${loopback === "viewer" ? "a" : "an"} ${loopback}`;
  return fine(
    PART,
    `who comes from this machine, or through a proxy on it that adds no header, is ${rank} (auth.loopback)`,
  );
}

/** Where no configuration tells the address. */
export function unknownWeb(): Finding {
  return doubtful(PART, "not asked: without a valid configuration its address is not known", "Name it: --web URL");
}
