import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { whyNoLibyara } from '../../testdata/libyara.ts'
import type { EngineName } from '../engines.ts'
import type { FileContent, Source } from './content.ts'
import { ContentScanner } from './content-scanner.ts'
import type { RuleMatch } from './messages.ts'
import { Quarantine } from './quarantine.ts'

const corpus = fileURLToPath(new URL('../../../../../../shared/data/yara/', import.meta.url))
const why = whyNoLibyara ?? (existsSync(corpus) ? undefined : 'needs ../shared/data')

const scanners: ContentScanner[] = []
afterEach(() => {
  for (const scanner of scanners.splice(0)) scanner.close()
})

function textsOfCorpus(): readonly Source[] {
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.yara?$/.test(name))
    .sort()
    .map((digest) => ({ digest, text: readFileSync(join(corpus, digest), 'utf8') }))
}

/** What the strings of a text look for, one after the other: quoted as they stand and wide, and bytes without gaps. */
function bait(text: string): Buffer {
  const quoted = [...text.matchAll(/\$\w*\s*=\s*"((?:\\.|[^"\\\n])*)"/g)].map(([, value = '']) =>
    value.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  )
  const plain = quoted.map((value) => value.replace(/\\(.)/g, '$1'))
  const bytes = [...text.matchAll(/\$\w*\s*=\s*\{([0-9a-fA-F?\s]+)\}/g)].map(([, value = '']) =>
    Buffer.from(value.replace(/\s/g, '').replaceAll('?', '4'), 'hex'),
  )
  const wide = plain.map((value) => Buffer.from(value, 'utf16le'))
  const parts = [Buffer.from('MZ'), ...plain.map((value) => Buffer.from(value, 'latin1')), ...wide, ...bytes]
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]))
}

function contentOf(filename: string, bytes: Uint8Array): FileContent {
  return {
    size: bytes.length,
    externals: {
      ...{ filename, filepath: `/srv/${filename}`, extension: '.bin', filetype: 'EXE', owner: 'root' },
      new: false,
    },
    give: async (take, into) => {
      if (into === undefined) return take(bytes)
      into.set(bytes)
      await take(into.subarray(0, bytes.length))
    },
  }
}

async function foundBy(engine: EngineName, sources: readonly Source[], files: readonly FileContent[]) {
  const refused = new Set<string>()
  const quarantine = new Quarantine([], ({ source }) => refused.add(source))
  const scanner = new ContentScanner(sources, { quarantine, engine })
  scanners.push(scanner)
  const found = await Promise.all(files.map((file) => scanner.scan(file)))
  return { refused: [...refused].sort(), matches: found.map(({ matches }) => matches.map(plainly).sort()) }
}

const plainly = ({ source, rule, offsets }: RuleMatch) =>
  [
    ...[source, rule],
    ...offsets.map(({ string, offset, around }) => `${string} ${offset} ${around}`).sort(),
  ].join('\n')

test.skipIf(why)(
  `libyara and YARA-X find the same in bait for every rule of the corpus${why ? ` (skipped: ${why})` : ''}`,
  async () => {
    const sources = textsOfCorpus()
    const files = [
      ...sources.map(({ digest, text }) => contentOf(digest, bait(text))),
      contentOf('empty', Buffer.alloc(0)),
      contentOf('node', readFileSync(process.execPath).subarray(0, 4 << 20)),
    ]
    const libyara = await foundBy('libyara', sources, files)
    const yaraX = await foundBy('yara-x', sources, files)
    expect(libyara.matches.flat().length).toBeGreaterThan(40)
    expect(libyara).toEqual(yaraX)
  },
  240_000,
)

const language = `
import "pe" import "elf" import "hash" import "math"
rule counted { strings: $a = /[a-f]{3}[0-9]{1,2}/ condition: #a == 3 }
rule masked { strings: $a = "secret" xor(1-255) condition: $a }
rule encoded { strings: $a = "This program" base64 condition: $a }
rule words { strings: $a = "word" fullword nocase condition: #a == 2 and @a[2] > 20 }
rule jumped { strings: $a = { 61 62 [2-4] 65 ?? 3? } condition: $a in (0..100) }
rule chosen { strings: $a = "abc12" $b = "nowhere" condition: 1 of them }
rule looped { strings: $a = "abc" condition: for any i in (1..#a) : (@a[i] == 6) }
rule hashed { condition: hash.md5(0, filesize) == "3b5d5c3712955042212316173ccf37be" }
rule mixed { condition: math.entropy(0, filesize) > 3.5 and not pe.is_pe }
rule program { condition: elf.type == elf.ET_EXEC or elf.type == elf.ET_DYN }
private rule base { condition: filesize > 10 }
rule named { condition: base and filename matches /^s.*\\.txt$/i and filetype == "EXE" and owner == "root" and not new }`

test.skipIf(whyNoLibyara)(
  `the language means the same to both engines${whyNoLibyara ? ` (skipped: ${whyNoLibyara})` : ''}`,
  async () => {
    const text = Buffer.concat([
      Buffer.from('abc12 abcd9 fad77 Word sword WORD ab12ex7 VGhpcyBwcm9ncmFt '),
      Buffer.from('secret').map((byte) => byte ^ 0x5a),
    ])
    const files = [
      contentOf('sample.txt', text),
      contentOf('short', Buffer.from('b')),
      contentOf('node', readFileSync(process.execPath).subarray(0, 1 << 20)),
    ]
    const sources = [{ digest: 'language', text: language }]
    const libyara = await foundBy('libyara', sources, files)
    expect(libyara).toEqual(await foundBy('yara-x', sources, files))
    const names = libyara.matches.map((each) => each.map((match) => match.split('\n')[1]).sort())
    expect(names[0]).toEqual(
      expect.arrayContaining([
        'chosen',
        'counted',
        'encoded',
        'jumped',
        'looped',
        'masked',
        'named',
        'words',
      ]),
    )
    expect(names[2]).toContain('program')
  },
  120_000,
)
