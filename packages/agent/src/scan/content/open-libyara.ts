import { LibyaraEngine } from './libyara-engine.ts'
import { layouts } from './libyara-layouts.ts'
import type { RuleMatch } from './messages.ts'
import { messageOf, nothingKnown, type YaraEngine } from './yara-engine.ts'

const wanted = 'no libyara of a version that is known here is installed (Debian: apt install libyara9)'

/** The first libyara that gives exactly what is expected of known rules; throws with the reason where there is none. */
export function openLibyara(known = layouts): YaraEngine {
  const faults: string[] = []
  for (const layout of known) {
    let engine: LibyaraEngine
    try {
      engine = new LibyaraEngine(layout)
    } catch (error) {
      if (isMissing(error)) continue
      faults.push(`${layout.library}: ${messageOf(error)}`)
      continue
    }
    const fault = tried(engine)
    if (fault === null) return engine
    faults.push(`${layout.library} read as version ${layout.versions}: ${fault}`)
  }
  throw new Error(faults.length === 0 ? wanted : faults.join('; '))
}

/** By the linker's words; koffi gives no code. */
function isMissing(error: unknown): boolean {
  return /cannot open shared object|Cannot find module/.test(messageOf(error))
}

const first = `
private rule hidden { condition: true }
rule words {
  strings:
    $plain = "tocsin"
    $hex = { 01 0? 03 }
    $absent = "nowhere"
    $quiet = "quiet" private
  condition: $plain and $hex and $quiet and not $absent and hidden and filename == "trial"
}
rule bare { condition: filesize == 98 and not new }
rule unmet { strings: $a = "tocsin" condition: $a at 1 }`
const second = 'rule words { strings: $a = /qu[a-z]{3}/ condition: #a == 1 and new }'
const bytes = Buffer.from(`tocsin \x01\x02\x03 quiet tocsin \x01\x04\x03 ${'0123456789'.repeat(7)}`)

const seen = (string: string, offset: number, length: number) => ({
  ...{ string, offset },
  around: bytes.subarray(Math.max(0, offset - 32), offset + length + 32).toString('hex'),
})
const words: RuleMatch = {
  source: 'first',
  rule: 'words',
  offsets: [seen('$plain', 0, 6), seen('$plain', 17, 6), seen('$hex', 7, 3), seen('$hex', 24, 3)],
}
const expected = [
  [words, { source: 'first', rule: 'bare', offsets: [] }],
  [words, { source: 'second', rule: 'words', offsets: [seen('$a', 11, 5)] }],
]

/** Why known rules do not give what they must; nothing if they do. */
export function tried(engine: YaraEngine): string | null {
  const refused = engine.add('broken', 'rule broken { condition: $a }')
  if (refused === null) return 'it takes a text that is none'
  const fault = engine.add('first', first) ?? engine.add('second', second) ?? engine.build()
  if (fault !== null) return fault
  try {
    const found = [false, true].map((isNew) =>
      engine.scan(bytes, { ...nothingKnown, filename: 'trial', new: isNew }),
    )
    engine.clear()
    return JSON.stringify(found) === JSON.stringify(expected) ? null : 'its matches are not the expected ones'
  } catch (error) {
    return messageOf(error)
  }
}
