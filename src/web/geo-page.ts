import { badness, isProblem, type State, worse } from "../model/state.ts";
import { toneOf } from "../render/palette.ts";
import { renderPlaces } from "../render/places-svg.ts";
import { type Place, readPlaces } from "./geo-places.ts";
import { hostLink } from "./links.ts";
import { frameOf, freshPage, type PageDeps } from "./page-frame.ts";
import { trusted } from "./templates.ts";
import { viewQuery } from "./view-parameters.ts";

/** A host at its place with what is wrong there. */
interface Located extends Place {
  readonly state: State | null;
  readonly problems: readonly string[];
}

/** The handler of `/geo`. */
export function geoPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { root, view } = asking;
    const addresses = await deps.addressPlaces?.();
    const sorted = (await located(deps, await readPlaces(deps.reader, addresses))).sort(
      (a, b) => badness(b.state ?? "OK") - badness(a.state ?? "OK"),
    );
    const hosts = (await deps.reader.nodes()).length;
    const svg = renderPlaces(
      sorted.map((place) => ({ ...place, href: hostLink(root, place.host, viewQuery(view)) })),
      { palette: view.palette, theme: view.theme },
    );
    response.send(
      deps.render("geo", {
        frame: frameOf(deps, asking, { title: "Places", page: "geo", fresh }),
        search: "",
        count: sorted.length,
        hosts,
        without: hosts - sorted.length,
        addresses,
        svg: sorted.length === 0 ? undefined : trusted(svg),
        places: sorted.map(({ host, latitude, longitude, by, state, problems }) => ({
          ...{
            host,
            href: hostLink(root, host, viewQuery(view)),
            state: state ?? "not monitored",
            tone: toneOf(state),
          },
          problems: problems.join(", "),
          place: `${degrees(latitude, "N", "S")} ${degrees(longitude, "E", "W")}`,
          by,
        })),
      }),
    );
  });
}

/** The worst of the host and its checks, as the original's markers showed it. */
async function located({ reader }: PageDeps, places: readonly Place[]): Promise<Located[]> {
  const hosts = places.map(({ host }) => host);
  const [hostChecks, checks] = await Promise.all([reader.hostChecksOf(hosts), reader.checksOf(hosts)]);
  return places.map((place) => {
    const own = hostChecks.get(place.host)?.status ?? null;
    const bad = (checks.get(place.host) ?? []).filter(({ status }) => isProblem(status));
    const state = bad.reduce<State | null>((worst, { status }) => worse(worst ?? status, status), own);
    return { ...place, state, problems: bad.map(({ service, status }) => `${service} ${status}`) };
  });
}

function degrees(value: number, positive: string, negative: string): string {
  return `${Math.abs(value).toFixed(2)}° ${value < 0 ? negative : positive}`;
}
