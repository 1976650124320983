import type { Manifest } from '@tocsin/model'

/** The signer process, seen from the server: it alone holds the CA key and the signing keys. */
export interface Signer {
  /** Ed25519 public key of program sets, hex. */
  programKey(): Promise<string>
  /** PEM of the certificate authority. */
  authority(): Promise<string>
  /** Signs a program set; refuses a revision that is not above the last one it signed. */
  signManifest(manifest: Manifest): Promise<string>
  /** Issues a client certificate for the endpoint's id; the subject in the request is ignored. */
  issueEndpoint(
    csr: string,
    endpoint: string,
  ): Promise<{ readonly certificate: string; readonly serial: string }>
  /** Issues the uplink listener's server certificate. */
  issueListener(csr: string, names: readonly string[]): Promise<string>
  close(): void
}
