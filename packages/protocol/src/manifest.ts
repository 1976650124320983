import { budgetBounds, type Manifest, optionalEvents, responseClasses } from '@tocsin/model'
import { z } from 'zod'
import { isSignedBy, keyIdOf } from './signatures.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const within = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.number().int().min(least).max(most)
const texts = (most: number, length: number) => z.array(z.string().max(length)).max(most)
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const settingsSchema = z.strictObject({
  scanRoots: texts(1_000, 4_096),
  scanExclude: texts(1_000, 4_096),
  budget: z
    .strictObject({
      cpuPercent: within(budgetBounds.cpuPercent),
      memoryMiB: within(budgetBounds.memoryMiB),
    })
    .optional(),
  recorder: z
    .strictObject({
      off: z.array(z.enum(optionalEvents)).max(20),
      excludeProcesses: texts(200, 4_096),
      excludeFiles: texts(200, 4_096),
      redact: texts(20, 500),
    })
    .optional(),
  blockout: z
    .array(z.strictObject({ days: z.array(within({ least: 0, most: 6 })).max(7), from: clock, to: clock }))
    .max(50)
    .optional(),
  rescanHours: within({ least: 1, most: 8_784 }).optional(),
  responses: z.array(z.enum(responseClasses)).max(20).optional(),
})
const id = z.number().int().positive()
/** The form of a set: what is signed has it, and what is activated. */
export const manifestSchema = z.strictObject({
  contract: z.literal(1),
  revision: z.number().int().positive(),
  previous: z.number().int().nonnegative(),
  issuedAt: z.number().int().positive(),
  expiresAt: z.number().int().positive(),
  keyId: z.string().max(64),
  programs: z
    .array(
      z.strictObject({
        digest,
        intel: z.number().int().positive(),
        revision: z.number().int().positive(),
      }),
    )
    .max(100_000),
  settings: settingsSchema,
  profiles: z
    .array(
      z.strictObject({
        id,
        name: z.string().max(200),
        intel: z.union([z.literal('all'), z.array(id).max(100_000)]),
        settings: settingsSchema,
      }),
    )
    .max(1_000)
    .optional(),
})

export type ManifestRefusal = 'malformed' | 'wrong-key' | 'bad-signature' | 'older-revision' | 'expired'

export interface ManifestCheck {
  readonly signature: string
  readonly publicKey: string
  /** Revision that is active now; an older one is refused, the same one is fine. */
  readonly active: number
  /** µs; a set that expired before it was ever activated is refused. */
  readonly now: number
}

/** Every check an endpoint makes before it activates a set. */
export function verifyManifest(
  value: unknown,
  check: ManifestCheck,
): { readonly manifest: Manifest } | { readonly refusal: ManifestRefusal } {
  const read = manifestSchema.safeParse(value)
  if (!read.success) return { refusal: 'malformed' }
  const manifest = read.data
  if (manifest.keyId !== keyIdOf(check.publicKey)) return { refusal: 'wrong-key' }
  if (!isSignedBy(manifest, check.signature, check.publicKey)) return { refusal: 'bad-signature' }
  if (manifest.revision < check.active) return { refusal: 'older-revision' }
  if (manifest.revision > check.active && manifest.expiresAt < check.now) return { refusal: 'expired' }
  return { manifest }
}
