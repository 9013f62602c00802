/** The dotm.yaml that `dotm init` writes: a new one, or what is missing in the one there is. */
import { isMap, isSeq, parseDocument, stringify } from "yaml";

/** One source as it is written. */
export type SourceText = Readonly<Record<string, string>>;

/** Keys that tell which monitoring a source reads. */
const PLACES = ["config", "status_file", "url", "socket", "address"];

const HEAD = `# Made by dotm init. All keys and their defaults: dotm config default. After a change: dotm config check

`;

const NOTHING = `# No monitoring was found on this machine. Name yours, and see: dotm source read FILE|URL
# sources:
#   - { name: nagios, type: nagios, config: /etc/nagios4/nagios.cfg }
#   - { name: branch, type: cgi, url: "https://nagios.example.com/nagios4/cgi-bin", user: dotm, password_file: /etc/dotm/nagios.password }
#   - { name: checkmk, type: livestatus, address: "mon01:6557" }
`;

/** A new configuration with these sources; `redis` is one that answers on this machine. */
export function newConfigText(sources: readonly SourceText[], redis: string | null): string {
  const said = sources.length === 0 ? NOTHING : stringify({ sources }, { lineWidth: 0 });
  const store =
    redis === null
      ? ""
      : `\n# A Redis answers at ${redis}. Without this line DOTM runs one of its own.\n# redis: { url: "${redis}" }\n`;
  return `${HEAD}${said}${store}`;
}

/** The configuration there is, with the sources it does not name yet; the rest of it stays as it is written. */
export function completedConfigText(text: string, sources: readonly SourceText[]): string {
  const document = parseDocument(text);
  const listed = document.get("sources");
  const known = isSeq(listed) ? listed.items : [];
  const places = new Set<unknown>(
    known.flatMap((item) =>
      isMap(item) ? PLACES.map((key) => item.get(key)).filter((value) => value !== undefined) : [],
    ),
  );
  const names = new Set(known.map((item) => (isMap(item) ? String(item.get("name")) : "")));
  const missing = sources.filter((source) => !PLACES.some((key) => places.has(source[key])));
  if (missing.length === 0 || document.errors.length > 0) {
    return text;
  }
  const added = missing.map((source) => ({ ...source, name: freeName(source["name"] ?? "", names) }));
  if (isSeq(listed)) {
    for (const source of added) {
      listed.add(document.createNode(source));
    }
  } else {
    document.set("sources", document.createNode(added));
  }
  return document.toString({ lineWidth: 0 });
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let other = 2; taken.has(name); other += 1) {
    name = `${wanted}${other}`;
  }
  taken.add(name);
  return name;
}
