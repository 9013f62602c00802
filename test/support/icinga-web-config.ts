/** The configuration of a test's own Icinga Web 2, and of the Apache that serves it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { APACHE_MODULES, apacheHead } from "./apache-config.ts";
import { API_USERS } from "./icinga2-config.ts";

/** Ports of loopback. */
export interface IcingaWebPorts {
  readonly database: number;
  readonly redis: number;
  readonly api: number;
}

const PUBLIC = "/usr/share/icingaweb2/public";
const LOADED = ["mpm_prefork", "authz_core", "authz_host", "alias", "env", "dir", "mime", "rewrite"];

/** Files of Icinga Web's configuration folder, by name. */
export function webConfig(folder: string, ports: IcingaWebPorts, admin: string): Readonly<Record<string, string>> {
  const store = { backend: "db", resource: "icingaweb" };
  const api = { transport: "api", host: "127.0.0.1", port: `${ports.api}`, username: API_USERS.root.name };
  const transport = sections({ icinga2: { ...api, password: API_USERS.root.password } });
  return {
    "config.ini": sections({
      global: { show_stacktraces: "1", config_backend: "db", config_resource: "icingaweb" },
      logging: { log: "file", file: join(folder, "log/icingaweb2.log"), level: "WARNING" },
    }),
    "resources.ini": sections({
      icingaweb: database(ports, "icingaweb"),
      icinga_ido: database(ports, "icinga_ido"),
      icingadb: database(ports, "icingadb"),
    }),
    "authentication.ini": sections({ icingaweb2: store }),
    "groups.ini": sections({ icingaweb2: store }),
    "roles.ini": sections({ Administrators: { users: admin, permissions: "*" } }),
    "modules/monitoring/backends.ini": sections({ icinga: { type: "ido", resource: "icinga_ido" } }),
    "modules/monitoring/commandtransports.ini": transport,
    "modules/icingadb/commandtransports.ini": transport,
    "modules/icingadb/config.ini": sections({ icingadb: { resource: "icingadb" }, redis: { tls: "0" } }),
    "modules/icingadb/redis.ini": sections({ redis1: { host: "127.0.0.1", port: `${ports.redis}` } }),
  };
}

/** The text of apache.conf. */
export function apacheConfig(folder: string, port: number): string {
  const php = readdirSync(APACHE_MODULES).find((name) => /^libphp.*\.so$/.test(name));
  return [
    ...apacheHead(folder, port, LOADED),
    `LoadModule php_module ${APACHE_MODULES}/${php}`,
    "<FilesMatch \\.php$>",
    "  SetHandler application/x-httpd-php",
    "</FilesMatch>",
    `php_admin_value session.save_path ${folder}/sessions`,
    `php_admin_value sys_temp_dir ${folder}/tmp`,
    "php_admin_value date.timezone UTC",
    "StartServers 2",
    "TypesConfig /etc/mime.types",
    `DocumentRoot ${PUBLIC}`,
    `Alias /icingaweb2 ${PUBLIC}`,
    `<Directory ${PUBLIC}>`,
    "  Options SymLinksIfOwnerMatch",
    "  AllowOverride None",
    "  DirectoryIndex index.php",
    "  Require all granted",
    `  SetEnv ICINGAWEB_CONFIGDIR ${folder}/etc`,
    "  EnableSendfile Off",
    "  RewriteEngine on",
    "  RewriteBase /icingaweb2/",
    "  RewriteCond %{REQUEST_FILENAME} -s [OR]",
    "  RewriteCond %{REQUEST_FILENAME} -l [OR]",
    "  RewriteCond %{REQUEST_FILENAME} -d",
    "  RewriteRule ^.*$ - [NC,L]",
    "  RewriteRule ^.*$ index.php [NC,L]",
    "</Directory>",
    "",
  ].join("\n");
}

function database(ports: IcingaWebPorts, name: string): Record<string, string> {
  const server = { type: "db", db: "pgsql", host: "127.0.0.1", port: `${ports.database}` };
  return { ...server, dbname: name, username: name, charset: "utf8" };
}

/** The text of an INI file as Icinga Web writes it: values by key, by section. */
export function sections(named: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(named)
    .map(([section, values]) => `[${section}]\n${lines(values)}`)
    .join("\n");
}

function lines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} = "${value}"\n`)
    .join("");
}
