import { z } from 'zod'

/** `POST /enrol` on the uplink port, the only route there without a client certificate. */
export const enrolRequest = z.strictObject({
  token: z.string().min(20).max(200),
  /** PEM, PKCS#10; the key never leaves the endpoint. Its subject is ignored. */
  csr: z.string().max(8_192),
})
export const enrolAnswer = z.strictObject({
  endpoint: z.uuid(),
  /** PEM. */
  certificate: z.string(),
  authority: z.string(),
  /** Ed25519 public key that program sets are signed with, hex. */
  key: z.string(),
})
export type EnrolRequest = z.infer<typeof enrolRequest>
export type EnrolAnswer = z.infer<typeof enrolAnswer>

/** Programs, blobs and manifests: `GET /uplink/objects/<digest>`, client certificate required. The WebSocket: `/uplink`. */
export const objectPath = '/uplink/objects/'
export const uplinkPath = '/uplink'
export const enrolPath = '/enrol'
/** Largest object an agent fetches, bytes. */
export const objectLimit = 64 << 20
