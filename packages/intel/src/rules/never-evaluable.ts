import type { Diagnostic, Platform } from '@tocsin/model'
import { reachOf } from '../coverage.ts'
import type { IntelDocument } from '../document.ts'
import { reachOfLeaf } from '../reach-of-leaf.ts'
import { everyPlatform, fullCapability } from '../reach-of-terms.ts'
import { remark } from './remark.ts'

/** A document that no endpoint can evaluate, however well it is equipped, never matches. */
export function neverEvaluable(document: IntelDocument): readonly Diagnostic[] {
  const platforms = document.platforms.length === 0 ? everyPlatform : document.platforms
  if (platforms.some((platform) => canEvaluate(document, platform))) return []
  const message = 'no endpoint can evaluate this: what it needs is neither recorded nor scanned'
  return [remark(document, 'CHK004', { at: [], message, hint: 'see the reach of its terms' })]
}

function canEvaluate(document: IntelDocument, platform: Platform): boolean {
  const capability = fullCapability(platform)
  return (['live', 'scan'] as const).some(
    (mode) =>
      reachOf(
        document.condition,
        (leaf, scope) => reachOfLeaf(leaf, scope, { mode, program: document, capability }) === undefined,
      ) !== 'never',
  )
}
