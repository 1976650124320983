import { z } from 'zod'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const request = z.string().max(16_384)
const positive = z.int().positive()

const manifest = z.strictObject({
  contract: z.literal(1),
  revision: positive,
  previous: z.int().nonnegative(),
  issuedAt: positive,
  expiresAt: positive,
  keyId: z.string().max(64),
  programs: z.array(z.strictObject({ digest, intel: positive, revision: positive })).max(100_000),
  settings: z.strictObject({
    scanRoots: z.array(z.string().max(4_096)).max(1_000),
    scanExclude: z.array(z.string().max(4_096)).max(1_000),
    budget: z.strictObject({ cpuPercent: positive, memoryMiB: positive }).optional(),
  }),
})

/** One line of JSON each way over the signer's socket. */
export const signerRequest = z.discriminatedUnion('kind', [
  z.strictObject({ id: z.int(), kind: z.literal('program-key') }),
  z.strictObject({ id: z.int(), kind: z.literal('authority') }),
  z.strictObject({ id: z.int(), kind: z.literal('sign-manifest'), manifest }),
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
