import { findingId, type Match } from '@tocsin/engine'
import { type ProcessFacts, storableText } from '@tocsin/model'
import type { BacktestSample } from '@tocsin/protocol'

const longestSubject = 500
const longestText = 200
const mostWitnesses = 8
const mostOfChain = 5

/** Identity of the alert that a match would have been. */
export function idOf({ loaded: { program }, subject }: Match): string {
  return findingId(program.intel.id, program.condition, subject)
}

/** What a person needs to judge a match, cut so that five of them fit one frame. */
export function sampleOf(match: Match, chain: readonly ProcessFacts[]): BacktestSample {
  return {
    id: idOf(match),
    subject: cut(match.subject, longestSubject),
    firstAt: match.firstAt,
    lastAt: match.lastAt,
    chain: chain.slice(0, mostOfChain).map(nameOf),
    witnesses: match.explanation.witnesses
      .slice(0, mostWitnesses)
      .map(({ property = 'content', seen, instance }) => ({
        property: cut(property, longestText),
        seen: seen === undefined ? '' : cut(JSON.stringify(seen), longestText),
        instance: cut(instance, longestText),
      })),
  }
}

function nameOf({ fields, key }: ProcessFacts): string {
  const said = fields['process.command_line']?.values[0] ?? fields['process.path']?.values[0]
  return cut(typeof said === 'string' && said !== '' ? said : key, longestText)
}

/** A cut may leave half of a pair of surrogates. */
function cut(text: string, most: number): string {
  return storableText(text.slice(0, most))
}
