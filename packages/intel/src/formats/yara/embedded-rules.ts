import { type Content, type Digest, digestOfBytes } from '@tocsin/model'
import type { YaraValidator } from '../../document.ts'
import { engineNeeds } from './engines.ts'
import { placeOf } from './place-of.ts'
import { scanRules } from './scan-rules.ts'

/** What a document of another language needs to take in YARA rules. */
export interface RuleTools {
  readonly yara: YaraValidator
  readonly blobs: Map<Digest, Uint8Array>
}

/** Rules that stand inside a document of another language, checked as those in a file of their own. */
export type EmbeddedRules =
  | { readonly kind: 'rules'; readonly content: Content; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string }

/** Larger texts are documents of their own. */
const largest = 1024 * 1024

/** Checks the rules, keeps their text among the blobs and gives the leaf that asks for them. */
export function embeddedRules(text: string, { yara, blobs }: RuleTools): EmbeddedRules {
  if (text.length > largest) return refused('its rules are longer than 1 MiB')
  const outline = scanRules(text)
  if (outline.includes.length > 0) return refused('it includes a file')
  if (outline.rules.every(({ isPrivate }) => isPrivate))
    return refused('it holds no rule that stands for itself')
  const { engines, diagnostics } = engineNeeds(outline, yara.validate(text))
  const flaw = diagnostics.find(({ severity }) => severity === 'error')
  if (flaw !== undefined) return refused(flaw.message)
  const bytes = new TextEncoder().encode(text)
  const source = digestOfBytes(bytes)
  blobs.set(source, bytes)
  const modules = [...new Set(outline.imports.map(({ name }) => name))].sort()
  const warnings = diagnostics.map(({ message }) => message)
  return {
    kind: 'rules',
    content: { kind: 'content', source, engines, modules, of: placeOf(outline) },
    warnings,
  }
}

function refused(why: string): EmbeddedRules {
  return { kind: 'refused', why }
}
