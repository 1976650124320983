import { expect, test } from 'vitest'
import { eventsOf, read, sysmonForms, sysmonValues } from '../testdata/steps.ts'

const ids = Object.keys(sysmonValues).map(Number)
const inForm = (form: string) => ids.map((id) => sysmonForms[form]?.(id, sysmonValues[id] ?? {}) ?? '')

const expected = eventsOf(read(inForm('Winlogbeat').join('\n')))

test.each(Object.keys(sysmonForms))('%s says what the other forms say', (form) => {
  const { reader, ...rest } = read(inForm(form).join('\n'))
  expect(eventsOf({ reader, ...rest })).toEqual(expected)
  expect(reader.unread).toEqual([])
})

const withoutIds = (events: typeof expected) => events.map(({ id: _, ...event }) => event)

test.each([
  ['objects behind one another', inForm('Winlogbeat').join('')],
  ['an array on one line', `[${inForm('Winlogbeat').join(',')}]`],
  ['an array over lines', `[\n${inForm('EVTX with a list').join(',\n')}\n]\n`],
  [
    'objects over many lines',
    inForm('NXLog')
      .map((text) => JSON.stringify(JSON.parse(text), null, 2))
      .join('\n'),
  ],
  [
    'elements in one element',
    `<?xml version="1.0"?>\n<!-- log -->\n<Events>\n${inForm('XML').join('\n')}\n</Events>`,
  ],
  ['a mark and Windows line ends', `\ufeff${inForm('Winlogbeat').join('\r\n')}`],
])('%s are read', (_, text) => {
  for (const size of [1 << 16, 7]) {
    const all = read(text, size)
    expect(all.reader.unread).toEqual([])
    expect(withoutIds(eventsOf(all))).toEqual(withoutIds(expected))
  }
})

test('UTF-16, as PowerShell writes it, is read', () => {
  const text = `\ufeff${inForm('Winlogbeat').join('\n')}`
  const bytes = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at += 1)
    new DataView(bytes.buffer).setUint16(at * 2, text.charCodeAt(at), true)
  expect(eventsOf(read(bytes))).toEqual(expected)
})

const linux = `<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>11</EventID><Computer>web1</Computer></System><EventData><Data Name="UtcTime">2024-05-06 07:08:09.123</Data><Data Name="ProcessGuid">{aaaaaaaa-0000-0000-0000-000000000001}</Data><Data Name="ProcessId">77</Data><Data Name="Image">/usr/bin/dash</Data><Data Name="TargetFilename">/tmp/x.sh</Data></EventData></Event>`

test.each([
  ['a line of a syslog', `May  6 07:08:09 web1 sysmon: ${linux}`],
  ['a line with a priority', `<14>May  6 07:08:09 web1 sysmon: ${linux}`],
  ['a message in JSON', JSON.stringify({ host: 'web1', SyslogMessage: linux })],
])('Sysmon for Linux is read from %s', (_, text) => {
  const { reader, steps } = read(text)
  expect(reader.unread).toEqual([])
  expect(steps.find(({ kind }) => kind === 'event')).toMatchObject({ platform: 'linux' })
  expect(eventsOf({ reader, steps })[0]).toMatchObject({
    fields: { 'file.path': '/tmp/x.sh', 'file.directory': '/tmp', 'file.extension': 'sh' },
    actor: ['/usr/bin/dash'],
  })
})

test('events of other logs are counted by log and id', () => {
  const security = {
    winlog: { event_id: 4688, provider_name: 'Microsoft-Windows-Security-Auditing', event_data: {} },
  }
  const { reader, steps } = read(`${JSON.stringify(security)}\n${JSON.stringify(security)}`)
  expect(steps).toEqual([])
  expect([...reader.others]).toEqual([['Microsoft-Windows-Security-Auditing 4688', 2]])
})
