import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whyNoLibyara } from '../../testdata/libyara.ts'
import type { EngineName } from '../engines.ts'
import type { ContentLimits, FileContent, Source } from './content.ts'
import { ContentScanner } from './content-scanner.ts'
import { Quarantine, type Quarantined } from './quarantine.ts'

/** Every offset of a file of zeros is a candidate of each string, none is a match. */
const bomb = (name: string) => (engine === 'libyara' ? repeats(name) : branches(name))

const repeats = (name: string) => `rule ${name} {
  strings: $a = /[0-9a-z]?\\x00+[^\\x00]{3}/
  condition: $a
}`

/** So many branches that libyara gives up at once. */
const branches = (name: string) => `rule ${name} {
  strings:
    ${Array.from({ length: 8 }, (_, at) => `$a${at} = /\\x00{4,}[^\\x01]{0,${300 + at}}[^\\x02]{0,300}[^\\x00]/`).join('\n    ')}
  condition: any of them
}`
const zeros = Buffer.alloc(8 << 20)
const limits: ContentLimits = { file: 700, compile: 30_000 }
const external = {
  filename: 'zeros.bin',
  filepath: '/zeros.bin',
  extension: '.bin',
  filetype: '',
  owner: 'root',
  new: false,
}

const scanners: ContentScanner[] = []
afterEach(() => {
  for (const scanner of scanners.splice(0)) scanner.close()
})

let engine: EngineName = 'yara-x'

function scannerOf(sources: readonly Source[], known: readonly Quarantined[] = []) {
  const added: Quarantined[] = []
  const quarantine = new Quarantine(known, (entry) => added.push(entry))
  const scanner = new ContentScanner(sources, { quarantine, limits, engine })
  scanners.push(scanner)
  return { scanner, added, quarantine }
}

function fileOf(bytes: Uint8Array): FileContent & { given: number } {
  const file = {
    given: 0,
    size: bytes.length,
    externals: external,
    give: async (take: (piece: Uint8Array) => Promise<void>, into: Uint8Array = new Uint8Array(1 << 20)) => {
      file.given += 1
      for (let at = 0; at < bytes.length; at += into.length) {
        const piece = bytes.subarray(at, at + into.length)
        into.set(piece)
        await take(into.subarray(0, piece.length))
      }
    },
  }
  return file
}

const ruleNames = ({ matches }: { readonly matches: readonly { readonly rule: string }[] }) =>
  matches.map(({ rule }) => rule).sort()

function children(): readonly string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
}

const engines = [
  ['YARA-X', 'yara-x', undefined],
  ['libyara', 'libyara', whyNoLibyara],
] as const

describe.each(engines)('%s', (name, wanted, why) => {
  describe.skipIf(why)(why === undefined ? 'runs' : `${name} (skipped: ${why})`, () => {
    beforeEach(() => {
      engine = wanted
    })

    test('rules of several texts match, with offsets and the bytes around, and the file is given once', async () => {
      const { scanner } = scannerOf([
        { digest: 'one', text: 'rule greets { strings: $a = "hello" condition: $a }' },
        { digest: 'two', text: 'rule named { condition: filename == "zeros.bin" }' },
      ])
      const file = fileOf(Buffer.from('xx hello yy'))
      const { matches, unread } = await scanner.scan(file)
      expect(ruleNames({ matches })).toEqual(['greets', 'named'])
      expect(matches.find(({ rule }) => rule === 'greets')).toEqual({
        source: 'one',
        rule: 'greets',
        offsets: [{ string: '$a', offset: 3, around: Buffer.from('xx hello yy').toString('hex') }],
      })
      expect(unread).toEqual([])
      expect(file.given).toBe(1)
    })

    test('a text that does not compile here is set aside, the others run', async () => {
      const { scanner, added } = scannerOf([
        { digest: 'bad', text: 'rule bad { condition: $nothing }' },
        { digest: 'good', text: 'rule good { condition: true }' },
      ])
      expect(ruleNames(await scanner.scan(fileOf(Buffer.from('x'))))).toEqual(['good'])
      expect(added).toMatchObject([{ source: 'bad', rule: null, code: 'rule.refused' }])
    })

    test('a rule that takes too long is set aside by name while every other rule matches', async () => {
      const { scanner, added } = scannerOf([
        { digest: 'before', text: 'rule zero { strings: $a = { 00 00 00 00 } condition: $a at 0 }' },
        {
          digest: 'mixed',
          text: `rule fine { condition: filesize == ${zeros.length} }\n${bomb('bomb')}\nrule needs_it { condition: bomb }`,
        },
        { digest: 'after', text: 'rule sized { condition: filesize > 1MB }' },
      ])
      expect(ruleNames(await scanner.scan(fileOf(zeros)))).toEqual(['fine', 'sized', 'zero'])
      expect(added.map(({ source, rule, code }) => ({ source, rule, code }))).toEqual([
        { source: 'mixed', rule: 'bomb', code: 'rule.too-slow' },
      ])
      expect(added[0]?.message).toMatch(/^bomb: more than 700 ms .* on zeros\.bin$/)
      const again = fileOf(zeros)
      expect(ruleNames(await scanner.scan(again))).toEqual(['fine', 'sized', 'zero'])
      expect([added.length, again.given]).toEqual([1, 1])
    }, 60_000)

    test('what was set aside before does not run again', async () => {
      const known: Quarantined = { source: 'mixed', rule: 'bomb', code: 'rule.too-slow', message: '' }
      const { scanner, added, quarantine } = scannerOf(
        [{ digest: 'mixed', text: `${bomb('bomb')} rule fine { condition: true }` }],
        [known],
      )
      const file = fileOf(zeros)
      expect(ruleNames(await scanner.scan(file))).toEqual(['fine'])
      expect(file.given).toBe(1)
      expect(added).toEqual([])
      expect(quarantine.holds('mixed', 'bomb')).toBe(true)
      expect(quarantine.holds('mixed', 'fine')).toBe(false)
      expect(quarantine.holds('mixed')).toBe(true)
    })

    test('the thread stays free while a rule spins', async () => {
      const { scanner } = scannerOf([{ digest: 'bomb', text: bomb('bomb') }])
      let longest = 0
      let last = Date.now()
      const timer = setInterval(() => {
        longest = Math.max(longest, Date.now() - last)
        last = Date.now()
      }, 10)
      await scanner.scan(fileOf(randomBytes(1000)))
      await scanner.scan(fileOf(zeros))
      clearInterval(timer)
      expect(longest).toBeLessThan(1_500)
    }, 60_000)

    test('closing while a rule spins ends the scan', async () => {
      const { scanner, added } = scannerOf([{ digest: 'bomb', text: bomb('bomb') }])
      await scanner.start()
      const scan = scanner.scan(fileOf(zeros)).catch(() => undefined)
      setTimeout(() => scanner.close(), 200)
      await scan
      expect(added).toEqual([])
    })

    describe('the child as root starts it', () => {
      const why = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv') ? undefined : 'needs root'
      test.skipIf(why)(
        `has a uid of its own and no privileges${why ? ` (skipped: ${why})` : ''}`,
        async () => {
          const before = new Set(children())
          const { scanner } = scannerOf([{ digest: 'one', text: 'rule one { condition: true }' }])
          await scanner.start()
          expect(scanner.uid).toBe(64_184)
          const pid = children().find((each) => !before.has(each))
          const status = readFileSync(`/proc/${pid}/status`, 'utf8')
          expect(status).toMatch(/^Uid:\t64184\t64184\t64184\t64184$/m)
          expect(status).toMatch(/^Groups:\t\s*$/m)
          expect(status).toMatch(/^NoNewPrivs:\t1$/m)
          for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
            expect(status).toMatch(new RegExp(`^Cap${set}:\t0+$`, 'm'))
          const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
          expect(limits).toMatch(/^Max file size\s+0\s/m)
          expect(limits).toMatch(/^Max open files\s+64\s/m)
          expect(limits).toMatch(/^Max processes\s+256\s/m)
          expect(limits).toMatch(/^Max data size\s+1610612736\s/m)
          expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toMatch(/^(NODE_CHANNEL_\w+=\w+\0)*$/)
          expect(readFileSync(`/proc/${pid}/net/dev`, 'utf8').match(/^\s*\S+:/gm)).toEqual(['    lo:'])
        },
      )
    })

    test('texts with the same names are apart, and a global rule holds for its own text only', async () => {
      const { scanner, added } = scannerOf([
        { digest: 'one', text: 'private rule base { condition: true } rule found { condition: base }' },
        { digest: 'two', text: 'rule base { condition: filesize > 1 } rule found { condition: base }' },
        { digest: 'three', text: 'global rule never { condition: false } rule found { condition: true }' },
      ])
      const { matches } = await scanner.scan(fileOf(Buffer.from('abc')))
      expect(added).toEqual([])
      expect(matches.map(({ source, rule }) => `${source} ${rule}`).sort()).toEqual([
        'one found',
        'two base',
        'two found',
      ])
    })

    test('every external variable has its type and its value', async () => {
      const condition = [
        'filename == "zeros.bin" and filepath == "/zeros.bin" and extension == ".bin"',
        'filetype == "" and owner == "root" and not new',
      ].join(' and ')
      const { scanner } = scannerOf([{ digest: 'd', text: `rule asks { condition: ${condition} }` }])
      expect(ruleNames(await scanner.scan(fileOf(Buffer.from('abc'))))).toEqual(['asks'])
      const landed = { ...fileOf(Buffer.from('abc')), externals: { ...external, new: true } }
      expect(ruleNames(await scanner.scan(landed))).toEqual([])
    })
  })
})

describe.skipIf(whyNoLibyara)(`libyara alone${whyNoLibyara ? ` (skipped: ${whyNoLibyara})` : ''}`, () => {
  beforeEach(() => {
    engine = 'libyara'
  })

  test('a rule for which it gives up on a file is set aside by name, and every other rule matches', async () => {
    const { scanner, added } = scannerOf([
      { digest: 'mixed', text: `rule fine { condition: filesize == ${zeros.length} }\n${branches('broad')}` },
      { digest: 'other', text: 'rule other { condition: uint8(0) == 0 }' },
    ])
    expect(ruleNames(await scanner.scan(fileOf(zeros)))).toEqual(['fine', 'other'])
    expect(added).toEqual([
      {
        ...{ source: 'mixed', rule: 'broad', code: 'rule.too-slow' },
        message: 'broad: libyara gives up (a regular expression has too many branches at once) on zeros.bin',
      },
    ])
    expect(ruleNames(await scanner.scan(fileOf(zeros)))).toEqual(['fine', 'other'])
  })

  test('many files at once, empty and large ones among them, each have their own matches', async () => {
    const { scanner } = scannerOf([
      {
        digest: 'one',
        text: 'rule empty { condition: filesize == 0 } rule tail { strings: $a = "tail" condition: $a at filesize - 4 }',
      },
    ])
    const large = Buffer.alloc((20 << 20) + 3)
    large.write('tail', large.length - 4)
    const files = [
      Buffer.alloc(0),
      large,
      ...Array.from({ length: 150 }, (_, at) => Buffer.from(`${at} tail`)),
    ]
    const found = await Promise.all(files.map((bytes) => scanner.scan(fileOf(bytes))))
    expect(found.map((each) => each.matches.map(({ rule, offsets }) => [rule, offsets[0]?.offset]))).toEqual(
      files.map(({ length }) => (length === 0 ? [['empty', undefined]] : [['tail', length - 4]])),
    )
  })

  test('a file that cannot be read does not take the others with it', async () => {
    const { scanner } = scannerOf([{ digest: 'one', text: 'rule plain { condition: true }' }])
    await scanner.start()
    const broken = { ...fileOf(Buffer.from('x')), give: () => Promise.reject(new Error('it is gone')) }
    const scans = [fileOf(Buffer.from('a')), broken, fileOf(Buffer.from('b'))].map((file) =>
      scanner.scan(file),
    )
    const outcomes = await Promise.allSettled(scans)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('a text with a zero character is refused: what stands behind it would be lost', async () => {
    const { scanner, added } = scannerOf([
      { digest: 'cut', text: 'rule a { condition: true } \0 rule b { condition: true }' },
    ])
    await scanner.scan(fileOf(Buffer.from('x')))
    expect(added).toMatchObject([{ source: 'cut', rule: null, code: 'rule.refused' }])
  })

  test('a rule opens no file', async () => {
    const { scanner, added } = scannerOf([{ digest: 'reads', text: 'include "/etc/hostname"' }])
    await scanner.scan(fileOf(Buffer.from('x')))
    expect(added).toMatchObject([{ source: 'reads', rule: null, code: 'rule.refused' }])
  })

  test('a child that is killed between two scans is replaced', async () => {
    const { scanner } = scannerOf([{ digest: 'one', text: 'rule plain { condition: true }' }])
    expect(ruleNames(await scanner.scan(fileOf(Buffer.from('x'))))).toEqual(['plain'])
    scanner.rest()
    expect(ruleNames(await scanner.scan(fileOf(Buffer.from('x'))))).toEqual(['plain'])
  })
})
