import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { YaraExternals } from '@tocsin/model'
import * as yaraX from '@virustotal/yara-x'
import { cutRules } from './cut-rules.ts'
import type { FromChild, RuleMatch, ToChild } from './messages.ts'

/** The process that compiles and runs YARA. Its parent has taken user, capabilities and network from it already. */
const mostOffsets = 100
const aroundBytes = 32
const longestString = 64

const folder = pathToFileURL(createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json'))
yaraX.initSync({ module: readFileSync(new URL('./pkg/yara_x_js_bg.wasm', folder)) })

interface Match {
  readonly identifier: string
  readonly namespace: string
  readonly isPrivate: boolean
  readonly patterns: readonly {
    readonly identifier: string
    readonly matches: readonly { readonly offset: number; readonly length: number }[]
  }[]
}

interface File {
  readonly externals: YaraExternals
  readonly bytes: Uint8Array
  filled: number
}

/** A variable's type is that of its first value. The child can read no package but YARA-X, so it has the names itself. */
const nothingKnown: YaraExternals = {
  filename: '',
  filepath: '',
  extension: '',
  filetype: '',
  owner: '',
  new: false,
}
let compiler = newCompiler()
let scanner: yaraX.Scanner | undefined
let file: File | undefined

process.on('message', (message: ToChild) => {
  const answer = hear(message)
  if (answer !== undefined) process.send?.(answer)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ kind: 'ready', uid: process.getuid?.() ?? -1 } satisfies FromChild)

function hear(message: ToChild): FromChild | undefined {
  switch (message.kind) {
    case 'add':
      return { kind: 'added', fault: add(message.digest, message.text) }
    case 'build':
      return { kind: 'built', fault: build() }
    case 'clear':
      scanner?.free()
      scanner = undefined
      compiler = newCompiler()
      return undefined
    case 'cut':
      return { kind: 'cut', rules: cutRules(message.text) }
    case 'begin':
      file = { externals: message.externals, bytes: new Uint8Array(message.size), filled: 0 }
      return undefined
    case 'piece':
      if (file === undefined) return undefined
      file.bytes.set(message.bytes.subarray(0, file.bytes.length - file.filled), file.filled)
      file.filled = Math.min(file.bytes.length, file.filled + message.bytes.length)
      return undefined
    case 'scan':
      return scan()
  }
}

/** A text that is refused would take the whole set with it: each is compiled alone first. */
function add(digest: string, text: string): string | null {
  const trial = newCompiler()
  try {
    trial.addSource(text)
  } catch (error) {
    return messageOf(error).slice(0, 500)
  } finally {
    trial.free()
  }
  compiler.newNamespace(digest)
  compiler.addSource(text)
  return null
}

function build(): string | null {
  try {
    scanner = compiler.build().scanner()
    scanner.setMaxMatchesPerPattern(mostOffsets)
    return null
  } catch (error) {
    return messageOf(error).slice(0, 500)
  }
}

function newCompiler(): yaraX.Compiler {
  const made = new yaraX.Compiler()
  for (const [name, value] of Object.entries(nothingKnown)) made.defineGlobal(name, value)
  return made
}

function scan(): FromChild {
  if (scanner === undefined || file === undefined) {
    return { kind: 'scanned', matches: [], fault: 'nothing to scan with, or nothing to scan' }
  }
  try {
    const bytes = file.bytes.subarray(0, file.filled)
    for (const [name, value] of Object.entries(file.externals)) scanner.setGlobal(name, value)
    const { matches } = scanner.scan(bytes) as { readonly matches: readonly Match[] }
    return {
      kind: 'scanned',
      matches: matches.filter(({ isPrivate }) => !isPrivate).map((each) => ruleMatch(each, bytes)),
      fault: null,
    }
  } catch (error) {
    return { kind: 'scanned', matches: [], fault: messageOf(error) }
  }
}

function ruleMatch({ identifier, namespace, patterns }: Match, bytes: Uint8Array): RuleMatch {
  const offsets = patterns.flatMap((pattern) =>
    pattern.matches.map(({ offset, length }) => ({
      string: pattern.identifier,
      offset,
      around: Buffer.from(
        bytes.subarray(
          Math.max(0, offset - aroundBytes),
          offset + Math.min(length, longestString) + aroundBytes,
        ),
      ).toString('hex'),
    })),
  )
  return { source: namespace, rule: identifier, offsets: offsets.slice(0, mostOffsets) }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
