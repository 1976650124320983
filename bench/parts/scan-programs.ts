import { type LoadedProgram, load } from '@tocsin/engine'
import { type Condition, digestOfBytes, type Program, type Term } from '@tocsin/model'

let last = 0

function loaded(condition: Condition, blobs: ReadonlyMap<string, Uint8Array> = new Map()): LoadedProgram {
  last += 1
  const program: Program = {
    contract: 1,
    intel: { id: last, revision: 1, kind: 'openioc', name: `document ${last}` },
    subject: 'host',
    condition,
    platforms: [],
    blobs: [...blobs.keys()],
    needs: [],
  }
  return load(program, (digest) => blobs.get(digest))
}

function is(property: string, value: string): Term {
  return {
    ...{ kind: 'term', object: 'file', property, comparison: 'is', apply: 'any', negate: false },
    operand: { kind: 'values', values: [value] },
    text: { exact: false },
  }
}

export function nameProgram(): LoadedProgram {
  return loaded(is('file.name', 'no-such-name'))
}

export function hashProgram(name: 'md5' | 'sha1' | 'sha256'): LoadedProgram {
  const length = { md5: 32, sha1: 40, sha256: 64 }[name]
  return loaded(is(`file.${name}`, 'e'.repeat(length)))
}

export function yaraProgram(text: string): LoadedProgram {
  const blob = new TextEncoder().encode(text)
  const source = digestOfBytes(blob)
  const modules = [...text.matchAll(/^\s*import\s+"(\w+)"/gm)].map(([, name = '']) => name)
  return loaded(
    { kind: 'content', source, engines: ['libyara', 'yara-x'], modules, of: 'file' },
    new Map([[source, blob]]),
  )
}
