/** Which hosts the certificate of a client names, where the authority we trust for that signed it. */
import type { Socket } from "node:net";
import { type PeerCertificate, TLSSocket } from "node:tls";

/** Their names in lower case; undefined where no certificate was shown, or one that counts for nothing. */
export function certifiedHosts(socket: Socket): readonly string[] | undefined {
  return socket instanceof TLSSocket && socket.authorized ? namesIn(socket.getPeerCertificate()) : undefined;
}

/**
 * The names of its subject alternative names (DNS), or where it has none, its common name, as RFC 6125 has it. A name with
 * a star stands for nobody: one key would speak for many hosts.
 */
function namesIn({ subject, subjectaltname }: PeerCertificate): readonly string[] {
  const names = (subjectaltname ?? "").split(", ").flatMap((name) => /^DNS:([^",]+)$/.exec(name)?.[1] ?? []);
  const common = subject?.CN;
  const all = names.length > 0 || subjectaltname !== undefined || typeof common !== "string" ? names : [common];
  return all.filter((name) => !name.includes("*")).map((name) => name.toLowerCase());
}
