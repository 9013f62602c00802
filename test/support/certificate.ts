/** Certificates that sign themselves, by the system's openssl. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "./real.ts";

/** Files (PEM) of a certificate. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate for a DNS name in a folder. */
export function makeCertificate(folder: string, name: string): CertificateFiles {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const words = ["req", ...kind, ...subject, "-keyout", files.key, "-out", files.cert];
  const { status, stderr } = spawnSync(findProgram("openssl") ?? "", words, { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`openssl made no certificate: ${stderr}`);
  }
  return files;
}
