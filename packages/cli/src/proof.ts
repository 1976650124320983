import { verifyFinding } from '@tocsin/engine'
import { digestOf, type Finding, type Program } from '@tocsin/model'
import { findingSchema, isSignedBy } from '@tocsin/protocol'
import { z } from 'zod'

/** What `explain --save` writes: everything that shows an alert is right. */
export const proofSchema = z.looseObject({
  alert: z.looseObject({ id: z.int(), computerName: z.string() }),
  finding: findingSchema,
  program: z.looseObject({ contract: z.literal(1) }),
  manifest: z.looseObject({ programs: z.array(z.looseObject({ digest: z.string() })) }),
  signature: z.string(),
  publicKey: z.string(),
  blobs: z.record(z.string(), z.string()),
})
export type Proof = z.infer<typeof proofSchema>

export interface Check {
  readonly what: string
  readonly holds: boolean
  readonly why?: string
}

/** The chain from the key to the verdict, each link checked here and now. */
export function checkProof(proof: Proof): readonly Check[] {
  const { manifest, signature, publicKey, program, finding, blobs } = proof
  const digest = digestOf(program)
  return [
    { what: 'the manifest is signed by the key', holds: isSignedBy(manifest, signature, publicKey) },
    {
      what: 'the manifest names the program',
      holds: manifest.programs.some((each) => each.digest === digest),
    },
    { what: 'the finding is of this program', holds: finding.program === digest },
    verdictOf(program as unknown as Program, finding as unknown as Finding, blobs),
  ]
}

function verdictOf(program: Program, finding: Finding, blobs: Proof['blobs']): Check {
  const what = 'the program matches what was seen'
  try {
    const result = verifyFinding(program, finding, (digest) => {
      const text = blobs[digest]
      return text === undefined ? undefined : Buffer.from(text, 'base64')
    })
    return result.verdict === 'match' ? { what, holds: true } : { what, holds: false, why: result.why }
  } catch (error) {
    return { what, holds: false, why: error instanceof Error ? error.message : String(error) }
  }
}
