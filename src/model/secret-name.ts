/** Names of custom variables whose values are nobody's business: `SNMP_COMMUNITY`, `MYSQLPASSWORD`, `api_key`, but not `author`. */

const SECRET = /pass(?!iv)|pwd|secret|token|communit|credential|auth(?!or)|private|key(?!word|board|space)/i;

/** Whether a variable of this name may hold a secret. */
export function looksSecret(name: string): boolean {
  return SECRET.test(name);
}
