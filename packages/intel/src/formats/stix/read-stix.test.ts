import { readdirSync, readFileSync } from 'node:fs'
import type { YaraValidator } from '../../document.ts'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { loadYara } from '../../testdata/yara.ts'
import { readStix } from './read-stix.ts'

const yara = await loadYara()
/** Compiling rules hundreds of times shows nothing more. */
const accepting: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

const folder = new URL('../../../testdata/stix/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.stix'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readStix(bytesOf(fixture), {}, yara))
testMutations(fixtures.map(bytesOf), (bytes) => readStix(bytes, {}, accepting))
