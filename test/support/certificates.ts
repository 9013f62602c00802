/** Certificates of a test's own, made by openssl: authorities, and what they sign. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./real.ts";

/** Paths of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Makes an authority called `name` in `folder`. */
export function makeAuthority(folder: string, name: string): Certificate {
  const made = paths(folder, name);
  openssl(["req", "-x509", ...KEY, "-days", "2", "-subj", `/CN=${name}`, "-keyout", made.key, "-out", made.cert]);
  return made;
}

/** Makes a certificate for `name`, signed by `authority`; one of -1 days has expired. */
export function makeCertificate(folder: string, name: string, authority: Certificate, days = 2): Certificate {
  const file = `${name}${days}`;
  const made = paths(folder, file);
  const [request, extensions] = [join(folder, `${file}.csr`), join(folder, `${file}.ext`)];
  writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
  openssl(["req", ...KEY, "-subj", `/CN=${name}`, "-keyout", made.key, "-out", request]);
  const signer = ["-CA", authority.cert, "-CAkey", authority.key, "-CAcreateserial"];
  openssl(["x509", "-req", "-in", request, ...signer, "-days", `${days}`, "-extfile", extensions, "-out", made.cert]);
  return made;
}

/** Both, as a TLS server takes them. */
export function readCertificate({ cert, key }: Certificate): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

function paths(folder: string, name: string): Certificate {
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function openssl(args: readonly string[]): void {
  execFileSync(findProgram("openssl") ?? "openssl", [...args], { stdio: "pipe" });
}
