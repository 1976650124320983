import type { Platform } from '@tocsin/model'
import type { SignalDraft } from './draft.ts'

export interface SignalContents {
  readonly contents: string
  /** Offset of the quote that opens the signal's text. */
  readonly textAt: number
}

/** Tanium's spelling of the platforms. */
const wirePlatforms: Readonly<Record<Platform, string>> = { linux: 'linux', windows: 'windows', macos: 'mac' }

/** The compact JSON that md5 and size are taken of; its keys have this order. */
export function contentsOf(draft: SignalDraft, version: number): SignalContents {
  const { name, description, text, techniques, platforms } = draft
  const head = JSON.stringify({ id: name, name, description: description ?? '' }).slice(0, -1)
  const rest = {
    syntax_version: version,
    mitreAttack: { techniques },
    platforms: platforms.map((platform) => wirePlatforms[platform]),
  }
  const lead = `${head},"contents":`
  const tail = JSON.stringify(rest).slice(1)
  return { contents: `${lead}${JSON.stringify(text)},${tail}`, textAt: lead.length }
}

/** Turns offsets of a string into offsets of the JSON literal that starts at `literalAt`; walks no further than asked. */
export function offsetInLiteral(json: string, literalAt: number): (offset: number) => number {
  const starts: number[] = []
  let at = literalAt + 1
  return (offset) => {
    while (starts.length <= offset && at < json.length && json[at] !== '"') {
      starts.push(at)
      if (json[at] !== '\\') at += 1
      else at += json[at + 1] === 'u' ? 6 : 2
    }
    return Math.min(starts[offset] ?? at, json.length)
  }
}
