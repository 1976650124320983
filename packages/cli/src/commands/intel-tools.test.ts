import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { exitCodes } from '../exit-codes.ts'
import * as check from './check.ts'
import * as convert from './convert.ts'
import * as diff from './diff.ts'
import * as fmt from './fmt.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-intel-tools-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

function fileWith(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Runs a command as the command line does; what it prints, says beside, and answers. */
async function run(...words: readonly string[]) {
  let out = ''
  let said = ''
  const into = (add: (text: string) => void) => (chunk: string | Uint8Array) => {
    add(typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(into((text) => (out += text)))
  vi.spyOn(process.stderr, 'write').mockImplementation(into((text) => (said += text)))
  const program = new Command('tocsin').version('0.1.0').exitOverride()
  for (const command of [check, convert, diff, fmt]) command.register(program)
  await program.parseAsync(['node', 'tocsin', ...words])
  vi.restoreAllMocks()
  return { out, said, code: process.exitCode }
}

const rule = `title: A shell
logsource: {category: process_creation, product: linux}
detection:
  selection: {Image|endswith: /sh, CommandLine|contains: curl}
  condition: selection
`

test('a Sigma rule becomes a signal that means the same', async () => {
  const path = fileWith('rule.yml', rule)
  const converted = await run('convert', '--to', 'signal', path)
  expect(converted).toMatchObject({ said: '', code: exitCodes.done })
  expect(JSON.parse(converted.out)).toMatchObject({
    name: 'A shell',
    contents: "process.path ends with '/sh' AND process.command_line contains 'curl'",
    platforms: ['linux'],
  })
  const again = fileWith('rule.json', converted.out)
  expect(await run('diff', path, again)).toMatchObject({ code: exitCodes.done })
})

test('what cannot be said refuses the whole, with its place', async () => {
  const path = fileWith('null.yml', rule.replace('curl', 'null').replace('|contains', ''))
  const { out, said, code } = await run('convert', '--to', 'signal', path)
  expect(out).toBe('')
  expect(said).toContain('4:49: whether there is a process.command_line at all')
  expect(code).toBe(exitCodes.no)
})

test('a line of prose is no row of a table: all its values become OpenIOC', async () => {
  const text = 'Seen: hxxp://evil[.]test/a and 192.0.2[.]7, d41d8cd98f00b204e9800998ecf8427f\n'
  const { out, said } = await run('convert', '--to', 'openioc', fileWith('line.txt', text))
  expect(said).toContain('3 values found, 0 left out')
  for (const value of ['evil.test', '192.0.2.7', 'd41d8cd98f00b204e9800998ecf8427f'])
    expect(out).toContain(value)
})

test('a text with values in prose becomes OpenIOC, and what is no value is named', async () => {
  const path = fileWith('notes.txt', 'Seen at bad[.]example[.]com (203.0.113.7), not 300.1.1.1.\n')
  const { out, said, code } = await run('convert', '--to', 'openioc', path)
  expect(out).toContain('<Content type="string">bad.example.com</Content>')
  expect(out).toContain('<Content type="IP">203.0.113.7</Content>')
  expect(said).toContain('“300.1.1.1” is left out')
  expect(said).toContain('2 values found, 1 left out')
  expect(code).toBe(exitCodes.done)
})

test('a document that cannot be read is not converted', async () => {
  const path = fileWith('broken.signal', 'process.path is')
  const { out, said, code } = await run('convert', '--to', 'stix2', path)
  expect([out, code]).toEqual(['', exitCodes.no])
  expect(said).toContain('SIG007')
})

test('fmt prints one file, names what would change, and rewrites', async () => {
  const path = fileWith('untidy.signal', "process.path IS 'a'  and (process.name is b)")
  const tidy = "process.path is 'a' AND process.name is 'b'\n"
  expect(await run('fmt', path)).toMatchObject({ out: tidy, code: exitCodes.done })
  expect(await run('fmt', '--check', path)).toMatchObject({ out: `${path}\n`, code: exitCodes.no })
  expect(await run('fmt', '--write', path)).toMatchObject({ out: `${path}\n`, code: exitCodes.done })
  expect(readFileSync(path, 'utf8')).toBe(tidy)
  expect(await run('fmt', '--check', path)).toMatchObject({ out: '', code: exitCodes.done })
  expect(await run('fmt', path, fileWith('other.signal', tidy))).toMatchObject({ code: exitCodes.usage })
})

test('fmt leaves Sigma as it is and says so', async () => {
  const path = fileWith('left.yml', rule)
  expect(await run('fmt', path)).toEqual({
    out: rule,
    said: `${path}: left as it is: Sigma is not laid out\n`,
    code: exitCodes.done,
  })
})

test('an exchange file of several signals keeps its keys', async () => {
  const data = (contents: string) => ({ name: contents, contents, mine: 1 })
  const signals = ["process.name is 'a'", "process.name is 'b'"].map((text) => ({
    type: 'tanium-signal',
    data: data(text),
  }))
  const path = fileWith('export.json', JSON.stringify({ labels: [], signals }))
  expect(await run('fmt', path)).toMatchObject({
    out: `${JSON.stringify({ labels: [], signals }, null, 2)}\n`,
    code: exitCodes.done,
  })
})

test('diff names values and answers with its exit code', async () => {
  const before = fileWith('before.txt', 'a.example.com\nb.example.com\n')
  const after = fileWith('after.txt', 'b.example.com\nc.example.com\n')
  const { out, code } = await run('diff', before, after)
  expect(out).toBe(
    `${before} → ${after}: different\n  dns.query in domain: 1 added, 1 removed\n    + c.example.com\n    - a.example.com\n`,
  )
  expect(code).toBe(exitCodes.no)
  expect(JSON.parse((await run('diff', '--json', before, before)).out)).toMatchObject({ isSame: true })
})

test('check writes SARIF, also of documents that are refused', async () => {
  const path = fileWith('wrong.signal', "process.pth is 'a'")
  const { out, code } = await run('check', '--sarif', path)
  const [result] = JSON.parse(out).runs[0].results
  expect(result).toMatchObject({ ruleId: 'SIG004', level: 'error' })
  expect(result.locations[0].physicalLocation.region).toMatchObject({
    startLine: 1,
    startColumn: 1,
    endColumn: 12,
  })
  expect(code).toBe(exitCodes.no)
})

test('a folder is no document to convert or compare', async () => {
  fileWith('one.txt', 'a.example.com')
  fileWith('two.txt', 'b.example.com')
  expect(await run('convert', '--to', 'json', folder)).toMatchObject({ out: '', code: exitCodes.usage })
  expect(await run('diff', folder, folder)).toMatchObject({ out: '', code: exitCodes.usage })
})
