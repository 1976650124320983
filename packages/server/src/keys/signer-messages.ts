import { manifestSchema } from '@tocsin/protocol'
import { z } from 'zod'

const request = z.string().max(16_384)

/** One line of JSON each way over the signer's socket. */
export const signerRequest = z.discriminatedUnion('kind', [
  z.strictObject({ id: z.int(), kind: z.literal('program-key') }),
  z.strictObject({ id: z.int(), kind: z.literal('authority') }),
  z.strictObject({ id: z.int(), kind: z.literal('sign-manifest'), manifest: manifestSchema }),
  z.strictObject({
    id: z.int(),
    kind: z.literal('issue-endpoint'),
    csr: request,
    endpoint: z.uuid().toLowerCase(),
  }),
  z.strictObject({
    id: z.int(),
    kind: z.literal('issue-listener'),
    csr: request,
    names: z.array(z.string().min(1).max(255)).min(1).max(20),
  }),
])
export type SignerRequest = z.infer<typeof signerRequest>

export const signerAnswer = z.union([
  z.strictObject({ id: z.int(), value: z.unknown() }),
  z.strictObject({ id: z.int(), fault: z.string() }),
])

/** Characters; a manifest of a hundred thousand programs fits. */
export const longestLine = 32 << 20
