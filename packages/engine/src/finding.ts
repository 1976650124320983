import {
  type BlindInterval,
  type Condition,
  type Digest,
  digestOf,
  type Finding,
  type ProcessFacts,
} from '@tocsin/model'
import type { Match } from './match.ts'

/** The same for the same document, condition and subject, whatever is rescanned, restarted or resent. */
export function findingId(intelId: number, condition: Condition, subject: string): Digest {
  return digestOf([intelId, condition, subject])
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
