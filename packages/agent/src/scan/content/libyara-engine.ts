import type { YaraExternals } from '@tocsin/model'
import { LibyaraBlocks } from './libyara-blocks.ts'
import { type Address, type Libyara, loadLibyara } from './libyara-calls.ts'
import { fixed, type Layout } from './libyara-layouts.ts'
import type { Block, RuleMatch } from './messages.ts'
import { around, messageOf, mostOffsets, nothingKnown, RuleFault, type YaraEngine } from './yara-engine.ts'

const levelError = 0
const ruleMatching = 1
const goOn = 0
/** No handler for signals, as Node has its own: a crash ends the child. Only matches are told. */
const flags = 4 | 8
/** Addresses are addresses, and there is no file size. */
const ofMemory = 2
/** Those for which it knows the rule. */
const errors: Readonly<Record<number, string>> = {
  30: 'too many matches',
  46: 'a regular expression has too many branches at once',
}
const mostStrings = 10_000
const longestFault = 500

interface Built {
  readonly rules: Address
  readonly scanner: Address
}

/** libyara through its C interface. */
export class LibyaraEngine implements YaraEngine {
  private readonly layout: Layout
  private readonly library: Libyara
  private readonly errorCallback: Address
  private readonly matchCallback: Address
  private readonly texts = new Map<string, Uint8Array>()
  private built: Built | undefined
  private readonly externals = new Map<string, string | boolean>()
  private fault = ''
  private bytes: Uint8Array = new Uint8Array()
  private matches: RuleMatch[] = []
  private walk: LibyaraBlocks | undefined
  private shown: readonly Block[] | undefined

  /** Throws where the library is not installed. */
  constructor(layout: Layout) {
    this.layout = layout
    this.library = loadLibyara(layout.library)
    this.errorCallback = this.library.onError((level, _file, line, _rule, text) => {
      if (level === levelError && this.fault === '') this.fault = `line ${line}: ${text}`
    })
    this.matchCallback = this.library.onMatch((context, message, rule) => {
      if (message === ruleMatching) this.note(context, rule)
      return goOn
    })
    const result = this.library.calls.initialize()
    if (result !== 0) throw new Error(`yr_initialize: ${result}`)
  }

  add(digest: string, text: string): string | null {
    // The C interface takes a text up to its first zero; rules behind it would be lost without a word.
    if (text.includes('\0')) return 'there is a zero character in the text'
    const bytes = Buffer.from(`${text}\0`)
    const compiler = this.newCompiler()
    const fault = this.addTo(compiler, digest, bytes)
    this.library.calls.destroyCompiler(compiler)
    if (fault === null) this.texts.set(digest, bytes)
    return fault
  }

  build(): string | null {
    this.release()
    const compiler = this.newCompiler()
    try {
      for (const [digest, bytes] of this.texts) {
        const fault = this.addTo(compiler, digest, bytes)
        if (fault !== null) return fault
      }
      const rules = made('yr_compiler_get_rules', (into) => this.library.calls.compiledRules(compiler, into))
      const scanner = made('yr_scanner_create', (into) => this.library.calls.createScanner(rules, into))
      this.library.calls.setFlags(scanner, flags)
      this.library.calls.setMatchCallback(scanner, this.matchCallback, null)
      this.built = { rules, scanner }
      this.externals.clear()
      return null
    } catch (error) {
      return messageOf(error)
    } finally {
      this.library.calls.destroyCompiler(compiler)
    }
  }

  clear(): void {
    this.release()
    this.texts.clear()
  }

  scan(bytes: Uint8Array, externals: YaraExternals, blocks?: readonly Block[]): readonly RuleMatch[] {
    if (this.built === undefined) throw new Error('nothing to scan with')
    const { calls } = this.library
    const { scanner } = this.built
    this.setExternals(scanner, externals)
    this.bytes = bytes
    this.matches = []
    this.shown = blocks
    const result =
      blocks === undefined
        ? calls.scanMemory(scanner, bytes, bytes.length)
        : this.scanBlocks(scanner, bytes, blocks)
    if (result !== 0) throw this.scanError(result)
    return this.matches
  }

  private scanBlocks(scanner: Address, bytes: Uint8Array, blocks: readonly Block[]): number {
    const { calls } = this.library
    this.walk ??= new LibyaraBlocks(this.library)
    this.walk.use(bytes, blocks)
    calls.setFlags(scanner, flags | ofMemory)
    const result = calls.scanBlocks(scanner, this.walk.iterator)
    calls.setFlags(scanner, flags)
    return result
  }

  /** They are mostly those of the file before. */
  private setExternals(scanner: Address, externals: YaraExternals): void {
    for (const [name, value] of Object.entries(externals)) {
      if (this.externals.get(name) === value) continue
      this.externals.set(name, value)
      if (typeof value === 'boolean') this.library.calls.scannerBoolean(scanner, name, Number(value))
      else this.library.calls.scannerString(scanner, name, value)
    }
  }

  /** Of some errors the library tells whose they are. */
  private scanError(result: number): Error {
    const message = `libyara gives up (${errors[result] ?? `error ${result}`})`
    if (this.built === undefined || errors[result] === undefined) return new Error(message)
    const rule = this.library.calls.lastErrorRule(this.built.scanner)
    return rule === null || rule === 0n ? new Error(message) : new RuleFault(message, this.nameOf(rule))
  }

  private addTo(compiler: Address, digest: string, bytes: Uint8Array): string | null {
    this.fault = ''
    const errors = this.library.calls.addString(compiler, bytes, digest)
    return errors === 0 ? null : (this.fault || 'it does not compile').slice(0, longestFault)
  }

  private newCompiler(): Address {
    const { calls } = this.library
    const compiler = made('yr_compiler_create', (into) => calls.createCompiler(into))
    calls.setErrorCallback(compiler, this.errorCallback, null)
    calls.setIncludeCallback(compiler, null, null, null) // a rule opens no file
    for (const [name, value] of Object.entries(nothingKnown)) {
      if (typeof value === 'boolean') calls.compilerBoolean(compiler, name, Number(value))
      else calls.compilerString(compiler, name, value)
    }
    return compiler
  }

  private release(): void {
    if (this.built === undefined) return
    this.library.calls.destroyScanner(this.built.scanner)
    this.library.calls.destroyRules(this.built.rules)
    this.built = undefined
  }

  /** Reads a match where libyara keeps it: only during the call that tells of it does it stand there. */
  private note(context: Address, rule: Address): void {
    const { layout, library } = this
    const offsets = this.offsetsOf(context, library.pointer(rule, layout.rule.strings))
    this.matches.push({ ...this.nameOf(rule), offsets })
  }

  private nameOf(rule: Address): { readonly source: string; readonly rule: string } {
    const { layout, library } = this
    const namespace = library.pointer(rule, layout.rule.namespace)
    return {
      source: namespace === 0n ? '' : library.text(namespace, fixed.namespaceName),
      rule: library.text(rule, layout.rule.identifier),
    }
  }

  private offsetsOf(context: Address, first: Address): RuleMatch['offsets'] {
    const { read, pointer, text } = this.library
    const { string, list } = fixed
    const lists = pointer(context, this.layout.matches)
    const offsets: RuleMatch['offsets'][number][] = []
    if (first === 0n || lists === 0n) return offsets
    for (let count = 0, at = first; count < mostStrings && offsets.length < mostOffsets; count += 1) {
      const head = pointer(lists + BigInt(read(at, string.index, 'uint32') * list.size), list.head)
      if (head !== 0n) this.noteOffsets(head, text(at, string.identifier), offsets)
      if ((read(at, string.flags, 'uint32') & string.lastInRule) !== 0) break
      at += BigInt(string.size)
    }
    return offsets
  }

  private noteOffsets(head: Address, identifier: string, offsets: RuleMatch['offsets'][number][]): void {
    const { read, pointer } = this.library
    const { match } = fixed
    for (let at = head; at !== 0n && offsets.length < mostOffsets; at = pointer(at, match.next)) {
      if (read(at, match.isPrivate, 'uint8') !== 0) continue
      const base = Number(pointer(at, match.base))
      const within = Number(pointer(at, match.offset))
      const length = read(at, match.length, 'int32')
      offsets.push({
        string: identifier,
        offset: base + within,
        around: around(this.bytesAt(base), within, length),
      })
    }
  }

  /** Those of the block that begins there. */
  private bytesAt(base: number): Uint8Array {
    if (this.shown === undefined) return this.bytes
    const block = this.shown.find((each) => each.base === base)
    return block === undefined ? new Uint8Array() : this.bytes.subarray(block.at, block.at + block.size)
  }
}

function made(name: string, make: (into: [Address | null]) => number): Address {
  const into: [Address | null] = [null]
  const result = make(into)
  if (result !== 0 || into[0] === null) throw new Error(`${name}: ${result}`)
  return into[0]
}
