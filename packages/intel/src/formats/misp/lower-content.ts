import type { Condition, Digest } from '@tocsin/model'
import { contentOf, quoted } from '../lowering/content-rule.ts'
import type { Attribute } from './attributes.ts'
import { mispType } from './types.ts'

/** Shorter texts stand in files by accident. */
const shortest = 4
const longest = 4_096

export type LoweredContent =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'flaw'; readonly why: string }

/** An attribute that only the content of files or memory shows; nothing if it is none. */
export function lowerContent(
  { type, value }: Attribute,
  blobs: Map<Digest, Uint8Array>,
): LoweredContent | undefined {
  const content = mispType(type)?.content
  switch (content) {
    case undefined:
      return undefined
    case 'imphash': {
      if (!/^[0-9a-f]{32}$/i.test(value)) return { kind: 'flaw', why: 'an imphash has 32 hexadecimal digits' }
      const condition = () => `pe.imphash() == "${value.toLowerCase()}"`
      return found(contentOf({ modules: ['pe'], condition }, 'file', blobs))
    }
    case 'pdb':
      return found(
        contentOf({ modules: ['pe'], condition: () => `pe.pdb_path == ${quoted(value)}` }, 'file', blobs),
      )
    default: {
      const isFit = value.length >= shortest && value.length <= longest
      if (!isFit) return { kind: 'flaw', why: `a text has ${shortest} to ${longest} characters` }
      const strings = [`${quoted(value)} ascii wide`]
      const of = content === 'text in files' ? 'file' : 'memory'
      return found(contentOf({ strings, condition: () => 'any of them' }, of, blobs))
    }
  }
}

function found(condition: Condition): LoweredContent {
  return { kind: 'condition', condition }
}
