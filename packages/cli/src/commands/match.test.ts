import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tocsin-match-'))
const at = (name: string) => join(folder, name)

const sysmon = (id: number, values: Readonly<Record<string, string>>) =>
  JSON.stringify({
    winlog: {
      event_id: id,
      provider_name: 'Microsoft-Windows-Sysmon',
      event_data: {
        UtcTime: '2024-05-06 07:08:09.123',
        ProcessGuid: '{b3c4d5e6-0000-0000-1111-000000000001}',
        ...values,
      },
    },
  })

const events = [
  sysmon(1, {
    ProcessId: '4242',
    Image: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: 'cmd /c whoami',
    ParentProcessGuid: '{b3c4d5e6-0000-0000-1111-000000000000}',
    ParentImage: 'C:\\Office\\winword.exe',
  }),
  sysmon(11, { Image: 'C:\\Windows\\System32\\cmd.exe', TargetFilename: 'C:\\Users\\ann\\a.hta' }),
  sysmon(11, { Image: 'C:\\Windows\\System32\\cmd.exe', TargetFilename: 'C:\\Users\\ann\\b.hta' }),
  'not a record',
  sysmon(10, {}),
].join('\n')

const documents = {
  'office.yml': `title: Office starts a shell
logsource: {category: process_creation, product: windows}
detection:
  parent: {ParentImage|endswith: '\\winword.exe'}
  shell: {Image|endswith: '\\cmd.exe'}
  condition: parent and shell
`,
  'drop.signal': "process.parent_name is 'winword.exe' AND file.path ends with '.hta'",
  'hash.txt': '9e107d9d372bb6826bd81d3542a419d6\n',
  'broken.yml':
    'title: x\nlogsource: {category: process_creation}\ndetection: {a: {Image: x}, condition: b}\n',
}

beforeAll(() => {
  writeFileSync(at('events.jsonl.gz'), gzipSync(events))
  writeFileSync(at('cut.jsonl.gz'), gzipSync(events.repeat(50)).subarray(0, -20))
  for (const [name, text] of Object.entries(documents)) writeFileSync(at(name), text)
})

afterAll(() => rmSync(folder, { recursive: true }))

function match(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'match', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: events,
  })
  return { status, stdout, stderr }
}

test('a packed file is matched, and every match is explained', () => {
  const { status, stdout } = match(
    'office.yml',
    'drop.signal',
    'hash.txt',
    'broken.yml',
    '--events',
    'events.jsonl.gz',
  )
  expect(stdout).toMatchInlineSnapshot(`
    "drop.signal “drop”: 2 matches
      2024-05-06T07:08:09.123Z
        process.parent_name = "winword.exe"  (b3c4d5e6-0000-0000-1111-000000000001@1714979289123000)
        file.path = "C:\\\\Users\\\\ann\\\\a.hta"  (events.jsonl.gz:2)
      2024-05-06T07:08:09.123Z
        process.parent_name = "winword.exe"  (b3c4d5e6-0000-0000-1111-000000000001@1714979289123000)
        file.path = "C:\\\\Users\\\\ann\\\\b.hta"  (events.jsonl.gz:3)
    office.yml “Office starts a shell”: 1 match
      2024-05-06T07:08:09.123Z
        process.operation = "start"  (events.jsonl.gz:1)
        process.parent_path = "C:\\\\Office\\\\winword.exe"  (events.jsonl.gz:1)
        process.path = "C:\\\\Windows\\\\System32\\\\cmd.exe"  (events.jsonl.gz:1)
    3 events: 1 process, 2 file
    events.jsonl.gz: 1 record not readable
      line 4: nothing tells what this line is
    events.jsonl.gz: not evaluable
      1 × Sysmon 10 (access to a process): the vocabulary has no properties for it
    2 of 3 documents matched, 1 refused
      broken.yml: refused: no search has the name “b” (SGM007)
    1 document not evaluable on these events
      hash.txt: it reads file.md5, process.md5, image.md5, driver.md5, which no event here has
    "
  `)
  expect(status).toBe(0)
})

test('with --json each match is one line, and what is not a match goes to standard error', () => {
  const { stdout, stderr } = match('drop.signal', '--events', 'events.jsonl.gz', '--json')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { document: 'drop.signal', kind: 'tanium-signal', firstAt: '2024-05-06T07:08:09.123Z', again: false },
    { document: 'drop.signal', again: true },
  ])
  expect(lines[0].explanation.witnesses).toHaveLength(2)
  expect(stderr).toContain('1 of 1 document matched')
})

test('standard input is read, and without a match the answer is no', () => {
  const { status, stdout } = match('hash.txt', '--events', '-')
  expect(stdout).toContain('standard input: 1 record not readable')
  expect(status).toBe(1)
})

test('a packed file that ends early is matched as far as it goes, and said to be cut', () => {
  const { status, stdout } = match('office.yml', '--events', 'cut.jsonl.gz')
  expect(stdout).toContain('cut.jsonl.gz: not read to its end')
  expect(status).toBe(0)
})

test('a file that is not there is wrong usage', () => {
  expect(match('office.yml', '--events', 'absent.jsonl').status).toBe(2)
})
