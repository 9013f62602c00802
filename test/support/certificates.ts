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

/** Makes the list of what an authority revoked. */
export function makeRevocations(folder: string, authority: Certificate, revoked: readonly Certificate[]): string {
  const [index, config, list] = ["index.txt", "ca.cnf", "revoked.crl"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const about = [`database = ${index}`, `crlnumber = ${index}.number`, "default_md = sha256", "default_crl_days = 2"];
  writeFileSync(config, `[ca]\ndefault_ca = own\n[own]\n${about.join("\n")}\nunique_subject = no\n`);
  writeFileSync(index, "");
  writeFileSync(`${index}.number`, "01\n");
  const by = ["ca", "-config", config, "-cert", authority.cert, "-keyfile", authority.key];
  for (const { cert } of revoked) {
    openssl([...by, "-revoke", cert]);
  }
  openssl([...by, "-gencrl", "-out", list]);
  return list;
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
