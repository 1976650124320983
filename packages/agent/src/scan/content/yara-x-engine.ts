import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { YaraExternals } from '@tocsin/model'
import * as yaraX from '@virustotal/yara-x'
import type { Block, RuleMatch } from './messages.ts'
import { around, messageOf, mostOffsets, nothingKnown, type YaraEngine } from './yara-engine.ts'

interface Match {
  readonly identifier: string
  readonly namespace: string
  readonly isPrivate: boolean
  readonly patterns: readonly {
    readonly identifier: string
    readonly matches: readonly { readonly offset: number; readonly length: number }[]
  }[]
}

const longestFault = 500

/** YARA-X as WebAssembly: it runs everywhere, and takes eight times as long as libyara. */
export class YaraXEngine implements YaraEngine {
  private compiler: yaraX.Compiler
  private scanner: yaraX.Scanner | undefined

  constructor() {
    const folder = pathToFileURL(createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json'))
    yaraX.initSync({ module: readFileSync(new URL('./pkg/yara_x_js_bg.wasm', folder)) })
    this.compiler = newCompiler()
  }

  /** A text that is refused would take the whole set with it: each is compiled alone first. */
  add(digest: string, text: string): string | null {
    const trial = newCompiler()
    try {
      trial.addSource(text)
    } catch (error) {
      return messageOf(error).slice(0, longestFault)
    } finally {
      trial.free()
    }
    this.compiler.newNamespace(digest)
    this.compiler.addSource(text)
    return null
  }

  build(): string | null {
    try {
      this.scanner = this.compiler.build().scanner()
      this.scanner.setMaxMatchesPerPattern(mostOffsets)
      return null
    } catch (error) {
      return messageOf(error).slice(0, longestFault)
    }
  }

  clear(): void {
    this.scanner?.free()
    this.scanner = undefined
    this.compiler = newCompiler()
  }

  scan(bytes: Uint8Array, externals: YaraExternals, blocks?: readonly Block[]): readonly RuleMatch[] {
    const { scanner } = this
    if (blocks !== undefined) throw new Error('YARA-X searches no memory')
    if (scanner === undefined) throw new Error('nothing to scan with')
    for (const [name, value] of Object.entries(externals)) scanner.setGlobal(name, value)
    const { matches } = scanner.scan(bytes) as { readonly matches: readonly Match[] }
    return matches.filter(({ isPrivate }) => !isPrivate).map((each) => ruleMatch(each, bytes))
  }
}

function newCompiler(): yaraX.Compiler {
  const made = new yaraX.Compiler()
  for (const [name, value] of Object.entries(nothingKnown)) made.defineGlobal(name, value)
  return made
}

function ruleMatch({ identifier, namespace, patterns }: Match, bytes: Uint8Array): RuleMatch {
  const offsets = patterns.flatMap((pattern) =>
    pattern.matches.map(({ offset, length }) => ({
      string: pattern.identifier,
      offset,
      around: around(bytes, offset, length),
    })),
  )
  return { source: namespace, rule: identifier, offsets: offsets.slice(0, mostOffsets) }
}
