import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import * as yaraX from '@virustotal/yara-x'
import type { Externals, FromChild, RuleMatch, ToChild } from './messages.ts'

/** The process that compiles and runs YARA. Its parent has taken user, capabilities and network from it already. */
const mostOffsets = 100
const aroundBytes = 32

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

let scanner: yaraX.Scanner | undefined
const say = (message: FromChild) => process.send?.(message)

process.on('message', (message: ToChild) => {
  if (message.kind === 'load') say({ kind: 'loaded', refused: load(message.sources) })
  else say(scan(message.id, message.bytes, message.externals))
})
process.on('disconnect', () => process.exit(0))
say({ kind: 'ready', uid: process.getuid?.() ?? -1 })

/** Each text is compiled alone first, so that one which is refused here takes none of the others with it. */
function load(sources: readonly { readonly digest: string; readonly text: string }[]) {
  const refused: { digest: string; message: string }[] = []
  const compiler = newCompiler()
  for (const { digest, text } of sources) {
    const fault = faultOf(text)
    if (fault !== undefined) {
      refused.push({ digest, message: fault.slice(0, 500) })
      continue
    }
    compiler.newNamespace(digest)
    compiler.addSource(text)
  }
  scanner = compiler.build().scanner()
  scanner.setMaxMatchesPerPattern(mostOffsets)
  return refused
}

function faultOf(text: string): string | undefined {
  const compiler = newCompiler()
  try {
    compiler.addSource(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    compiler.free()
  }
}

function newCompiler(): yaraX.Compiler {
  const compiler = new yaraX.Compiler()
  for (const name of ['filename', 'filepath', 'extension', 'filetype', 'owner'])
    compiler.defineGlobal(name, '')
  return compiler
}

function scan(id: number, bytes: Uint8Array, externals: Externals): FromChild {
  if (scanner === undefined) return { kind: 'scanned', id, matches: [], fault: 'nothing is loaded' }
  try {
    for (const [name, value] of Object.entries(externals)) scanner.setGlobal(name, value)
    const { matches } = scanner.scan(bytes) as { readonly matches: readonly Match[] }
    return {
      kind: 'scanned',
      id,
      matches: matches.filter(({ isPrivate }) => !isPrivate).map((each) => ruleMatch(each, bytes)),
      fault: null,
    }
  } catch (error) {
    return { kind: 'scanned', id, matches: [], fault: error instanceof Error ? error.message : String(error) }
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
          Math.min(bytes.length, offset + Math.min(length, 64) + aroundBytes),
        ),
      ).toString('hex'),
    })),
  )
  return { source: namespace, rule: identifier, offsets: offsets.slice(0, mostOffsets) }
}
