import type { Micros } from '@tocsin/model'
import type { IntelDocument, Reading } from './document.ts'
import { printAsOpenIoc } from './formats/openioc/print-openioc.ts'
import { printAsSignal } from './formats/signal/print-document.ts'
import { printAsStix2 } from './formats/stix2/print-bundle.ts'
import { printAsJson } from './print/print-json.ts'
import type { Printed } from './print/printed.ts'

/** What documents can be converted to. */
export const conversionTargets = ['signal', 'openioc', 'stix2', 'json'] as const
export type ConversionTarget = (typeof conversionTargets)[number]

/** A document that was read, in another format: exact, or refused with what cannot be said there. `at` dates it. */
export function convert(
  { document, diagnostics }: Reading & { readonly document: IntelDocument },
  target: ConversionTarget,
  at: Micros,
): Printed {
  switch (target) {
    case 'signal':
      return printAsSignal(document, at)
    case 'openioc':
      return printAsOpenIoc(document, at)
    case 'stix2':
      return printAsStix2(document, at)
    case 'json':
      return { kind: 'printed', text: printAsJson(document, diagnostics), notes: [] }
  }
}
