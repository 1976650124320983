import { readdirSync, readFileSync } from 'node:fs'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readOpenIoc } from './read-openioc.ts'

const folder = new URL('../../../testdata/openioc/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.ioc'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readOpenIoc(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readOpenIoc(bytes, {}))
