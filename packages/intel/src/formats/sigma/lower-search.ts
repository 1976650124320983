import type { Condition } from '@tocsin/model'
import { lowerField, lowerKeywords } from './lower-field.ts'
import { type Lowering, writtenAt } from './lowering.ts'
import { plain } from './modifiers.ts'
import { everyOf, someOf } from './terms.ts'
import type { YamlNode, YamlScalar } from './yaml-tree.ts'

/** A named search: a map is all of its fields, a list any of its maps or keywords. */
export function lowerSearch(node: YamlNode, lowering: Lowering): Condition {
  return writtenAt(lowerNode(node, lowering), node.at, lowering)
}

function lowerNode(node: YamlNode, lowering: Lowering): Condition {
  const { object } = lowering.source
  switch (node.kind) {
    case 'map': {
      if (node.entries.length === 0) sayEmpty(node, lowering)
      return everyOf(
        node.entries.map((entry) => lowerField(entry, lowering)),
        object,
      )
    }
    case 'scalar':
      return lowerKeywords([node], plain, lowering)
    case 'list': {
      if (node.items.length === 0) sayEmpty(node, lowering)
      const words = node.items.filter((item): item is YamlScalar => item.kind === 'scalar')
      const others = node.items.filter((item) => item.kind !== 'scalar')
      const parts = others.map((item) => lowerSearch(item, lowering))
      return someOf(words.length === 0 ? parts : [lowerKeywords(words, plain, lowering), ...parts], object)
    }
  }
}

function sayEmpty(node: YamlNode, { remarks }: Lowering): void {
  remarks.say({ code: 'SGM004', severity: 'error', message: 'a search is empty', at: node.at })
}
