import {
  type BlindInterval,
  type Condition,
  canonicalText,
  type Digest,
  digestOfBytes,
  type Finding,
  type ProcessFacts,
} from '@tocsin/model'
import type { Match } from './match.ts'

/** Canonical texts of the conditions that met something: a program may meet many subjects. */
const conditionTexts = new WeakMap<Condition, string>()

/** The same for the same document, condition and subject, whatever is rescanned, restarted or resent. */
export function findingId(intelId: number, condition: Condition, subject: string): Digest {
  const text = conditionTexts.get(condition) ?? canonicalText(condition)
  conditionTexts.set(condition, text)
  // The digest of [intelId, condition, subject].
  const bytes = `[${intelId},${text},${JSON.stringify(subject)}]`
  return digestOfBytes(new TextEncoder().encode(bytes))
}

export interface FindingContext {
  readonly deployment: number
  readonly mode: Finding['mode']
  /** Acting process first. */
  readonly chain: readonly ProcessFacts[]
  readonly blind: readonly BlindInterval[]
}

const mostInChain = 17
/** Of a longer subject the beginning is told; the id is over the whole. */
export const longestSubject = 8_192

/** An endpoint's record of a match. */
export function findingOf(match: Match, context: FindingContext): Finding {
  const { program } = match.loaded
  return {
    id: findingId(program.intel.id, program.condition, match.subject),
    intel: program.intel,
    program: match.program,
    deployment: context.deployment,
    mode: context.mode,
    subject: match.subject.slice(0, longestSubject),
    firstAt: match.firstAt,
    lastAt: match.lastAt,
    count: 1,
    chain: context.chain.slice(0, mostInChain),
    explanation: match.explanation,
    blind: context.blind,
  }
}
