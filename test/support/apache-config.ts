/** What each Apache of a test's own is told: one port of loopback, everything it writes in one folder. */

/** Where Debian keeps modules. */
export const APACHE_MODULES = "/usr/lib/apache2/modules";

/** The first lines of apache.conf, with the modules named. Started by root it serves as `www-data`. */
export function apacheHead(folder: string, port: number, modules: readonly string[]): string[] {
  return [
    "ServerName 127.0.0.1",
    `ServerRoot ${folder}`,
    `Listen 127.0.0.1:${port}`,
    `PidFile ${folder}/apache.pid`,
    `ErrorLog ${folder}/error.log`,
    `DefaultRuntimeDir ${folder}`,
    `Mutex file:${folder}`,
    ...(process.getuid?.() === 0 ? ["User www-data", "Group www-data"] : []),
    ...modules.map((name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`),
    "MinSpareServers 1",
    "MaxSpareServers 4",
  ];
}
