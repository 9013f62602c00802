/** `dotm config check|show|default|path`: what the configuration says and where it says so. */
import { stringify } from "yaml";
import { placeText } from "../../config/place.ts";
import { configFiles } from "../../config/search.ts";
import { fitToShow } from "../../config/shown.ts";
import { type ConfigRequest, configOrigins, readConfig } from "../../config.ts";
import { EXIT } from "../exit-code.ts";
import { tableText } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Prints every problem and a verdict as `nagios -v` does. */
export function configCheck(request: ConfigRequest, { out, err, around }: Terminal): number {
  const { files, warnings, problems } = readConfig(request, around);
  out.write(
    files.length === 0 ? "No configuration file; the defaults hold.\n" : files.map((file) => `Read ${file}\n`).join(""),
  );
  for (const { place, text } of warnings) {
    err.write(`Warning: ${placeText(place)}: ${text}\n`);
  }
  for (const { place, text } of problems) {
    err.write(`Error: ${placeText(place)}: ${text}\n`);
  }
  const verdict = problems.length === 0 ? "Things look okay" : "Nothing starts with this";
  out.write(`\nTotal Warnings: ${warnings.length}\nTotal Errors:   ${problems.length}\n\n${verdict}\n`);
  return problems.length === 0 ? EXIT.done : EXIT.failed;
}

/** Prints the effective configuration, as YAML or, with `origin`, each value with where it was written. */
export function configShow(request: ConfigRequest, origin: boolean, terminal: Terminal): number {
  const reading = readConfig(request, terminal.around);
  if (reading.config === undefined) {
    return configCheck(request, terminal);
  }
  const origins = configOrigins(reading);
  if (origin) {
    const rows = origins.map((each) => [each.path, JSON.stringify(each.value), each.origin]);
    terminal.out.write(tableText(["KEY", "VALUE", "ORIGIN"], rows, { headers: true, paint: (word) => word }));
  } else {
    terminal.out.write(stringify(fitToShow(reading.effective)));
  }
  return EXIT.done;
}

/** Prints a commented configuration that says nothing but the defaults. */
export async function configDefault({ out }: Terminal): Promise<number> {
  const { defaultConfigText } = await import("../../config/default-text.ts");
  out.write(defaultConfigText());
  return EXIT.done;
}

/** Prints the files that are read, one a line; none where the defaults hold. */
export function configPath(request: ConfigRequest, { out, err, around }: Terminal): number {
  const files = configFiles(request.file, around);
  if (files.length === 0) {
    err.write(
      "No configuration file. Looked for --config, $DOTM_CONFIG, ./dotm.yaml and /etc/dotm/dotm.yaml; the defaults hold.\n",
    );
  }
  out.write(files.map((file) => `${file}\n`).join(""));
  return EXIT.done;
}
