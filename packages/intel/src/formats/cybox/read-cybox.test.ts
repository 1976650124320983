import { readdirSync, readFileSync } from 'node:fs'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readCybox } from './read-cybox.ts'

const folder = new URL('../../../testdata/cybox/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.xml'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readCybox(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readCybox(bytes, {}))
