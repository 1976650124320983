import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { readStix2 } from './read-stix2.ts'
import { file } from './views-of-files.ts'

const yara = await loadYara()
const ofBytes = file.paths.filter(([, reads]) => reads === 'the bytes of the file').map(([path]) => path)
/** Of each kind of value that a property can have. */
const samples = [
  "'4d5a9000'",
  '14',
  '6.5',
  "'1.4'",
  "'dll'",
  "'.te\\'xt\\\\'",
  "'a'",
  ...[32, 40, 64].map((length) => `'${'a'.repeat(length)}'`),
]

test.each(ofBytes)('file:%s makes rules that compile', (path) => {
  const objects = samples.map((sample, number) => ({
    type: 'indicator',
    id: `indicator--${number}`,
    pattern: `[file:${path.replaceAll('[*]', '[0]')} = ${sample}]`,
  }))
  const bytes = new TextEncoder().encode(JSON.stringify({ type: 'bundle', objects }))
  const { document } = readStix2(bytes, {}, yara)
  const rules = [...(document?.blobs.values() ?? [])].map((blob) => new TextDecoder().decode(blob))
  expect(rules.length).toBeGreaterThan(0)
  const text = rules.map((rule, number) => rule.replace('rule fact', `rule fact${number}`)).join('')
  expect(yara.validate(text).problems.filter(({ severity }) => severity === 'error')).toEqual([])
})
