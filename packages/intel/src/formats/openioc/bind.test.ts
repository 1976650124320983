import { expect, test } from 'vitest'
import { readOpenIoc } from './read-openioc.ts'

const item = (term: string, value: string) =>
  `<IndicatorItem condition="is"><Context search="${term}"/><Content>${value}</Content></IndicatorItem>`
const group = (operator: string, ...parts: readonly string[]) =>
  `<Indicator operator="${operator}">${parts.join('')}</Indicator>`
const read = (indicator: string) => {
  const text = `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="a"><definition>${indicator}</definition></ioc>`
  return readOpenIoc(new TextEncoder().encode(text), {})
}
const hash = (number: number) => number.toString(16).padStart(32, '0')

test('a list of 2,500 hashes is three terms', () => {
  const list = Array.from({ length: 2_500 }, (_, number) => item('FileItem/Md5sum', hash(number)))
  const { document } = read(group('OR', ...list))
  expect(document?.condition).toMatchObject({ part: { parts: [{}, {}, {}] } })
})

test('a class that contradicts itself falls apart, the others stay bound', () => {
  const names = ['a', 'b'].map((name) => item('FileItem/FileName', name))
  const process = [item('ProcessItem/name', 'p'), item('ProcessItem/arguments', 'q')]
  const { document } = read(group('AND', ...names, ...process))
  expect(document?.condition).toMatchObject({
    kind: 'and',
    parts: [{ kind: 'same', object: 'process' }, { property: 'file.name' }, { property: 'file.name' }],
  })
})

test('an order of items that differ only in value changes the order of values only', () => {
  const { document } = read(group('OR', item('FileItem/FileName', 'b'), item('FileItem/FileName', 'a')))
  expect(document?.condition).toMatchObject({ operand: { values: ['b', 'a'] } })
})

test('nesting is read as deep as XML may go', () => {
  let indicator = item('FileItem/FileName', 'a')
  for (let depth = 0; depth < 190; depth += 1) indicator = group(depth % 2 === 0 ? 'AND' : 'OR', indicator)
  expect(read(indicator).document?.condition).toMatchObject({ property: 'file.name' })
})

test('more alternatives than can be multiplied out are tried per host, with a warning', () => {
  const mixed = (number: number) =>
    group('OR', item('FileItem/Md5sum', hash(number)), item('RegistryItem/ValueName', `v${number}`))
  const parts = Array.from({ length: 12 }, (_, number) => mixed(number))
  const { document, diagnostics } = read(group('AND', item('ProcessItem/name', 'a'), ...parts))
  expect(document).toBeDefined()
  expect(diagnostics.map(({ code }) => code)).toContain('IOC007')
})

test('alternatives inside alternatives stay bounded', () => {
  let indicator = item('FileItem/FileName', 'x')
  for (let depth = 0; depth < 90; depth += 1) {
    const mixed = Array.from({ length: 6 }, (_, number) =>
      group(
        'OR',
        item('FileItem/FullPath', `${depth} ${number}`),
        item('RegistryItem/ValueName', `${number}`),
      ),
    )
    indicator = group('AND', group('OR', indicator, item('RegistryItem/ValueName', 'y')), ...mixed)
  }
  const began = performance.now()
  const { document } = read(indicator)
  expect(performance.now() - began).toBeLessThan(20_000)
  expect(JSON.stringify(document?.condition).length).toBeLessThan(4_000_000)
}, 30_000)

test('each node knows where it was written', () => {
  const { document } = read(group('OR', item('FileItem/FileName', 'a'), item('FileItem/Md5sum', hash(1))))
  const span = document?.origins.get('0.1')
  expect(span && document?.contents.slice(span.from, span.to)).toBe(item('FileItem/Md5sum', hash(1)))
})

test('the id is the root id, else the file name, else made of the bytes', () => {
  const bytes = new TextEncoder().encode('<ioc xmlns="http://schemas.mandiant.com/2010/ioc"/>')
  expect(readOpenIoc(bytes, { fileName: 'a.ioc' }).document?.intrinsicId).toBe('a.ioc')
  expect(readOpenIoc(bytes, {}).document?.intrinsicId).toMatch(/^[0-9a-f]{16}$/)
  expect(read('').document?.intrinsicId).toBe('a')
})

test('parts of one URL are of one command line, and of no process that other terms name', () => {
  const url = ['id=', '/gate'].map((part) => item('Network/URI', part))
  const { document } = read(group('AND', item('ProcessItem/name', 'a'), ...url))
  expect(document?.condition).toMatchObject({
    kind: 'and',
    parts: [{ property: 'process.name' }, { kind: 'same', object: 'process', part: { parts: [{}, {}, {}] } }],
  })
})

test('two handles of one process are no contradiction', () => {
  const names = ['a', 'b'].map((name) => item('ProcessItem/HandleList/Handle/Name', name))
  const { document, diagnostics } = read(group('AND', ...names))
  expect(diagnostics).toEqual([])
  expect(document?.condition).toMatchObject({
    kind: 'or',
    parts: [
      { kind: 'same', object: 'process' },
      { kind: 'and', parts: [{ property: 'mutex.name' }, { property: 'mutex.name' }] },
    ],
  })
})

test('a written file with a text is an event and a file; what mixes both is tried apart', () => {
  const text = item('fileWriteEvent/textAtLowestOffset', 'MZ')
  const mixed = group('OR', item('fileWriteEvent/process', 'p'), text)
  const { document } = read(group('AND', item('fileWriteEvent/fileName', 'a'), text, mixed))
  expect(document?.condition).toMatchObject({
    kind: 'and',
    parts: [
      {
        kind: 'same',
        from: 'event',
        part: { parts: [{ property: 'file.operation' }, { property: 'file.name' }] },
      },
      { kind: 'same', from: 'state', part: { parts: [{ property: 'file.name' }, { kind: 'content' }] } },
      { kind: 'or', parts: [{ from: 'event' }, { from: 'state' }] },
    ],
  })
})

test('what can be met without content is tried on events too', () => {
  const content = item('FileItem/StringList/string', 'evil')
  const name = item('FileItem/FileName', 'a')
  expect(read(group('OR', name, content)).document?.condition).toMatchObject({ kind: 'same', from: 'either' })
  expect(read(group('AND', name, content)).document?.condition).toMatchObject({ kind: 'same', from: 'state' })
})

test('many strings of one file are one rule', () => {
  const strings = Array.from({ length: 600 }, (_, number) =>
    item('FileItem/StringList/string', `evil ${number}`),
  )
  const { document } = read(group('OR', ...strings))
  expect(document?.condition).toMatchObject({ kind: 'same', part: { kind: 'or', parts: [{}, {}] } })
  expect(document?.blobs.size).toBe(2)
})
