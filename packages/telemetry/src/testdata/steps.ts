import type { Cut, Field, Literal } from '@tocsin/model'
import { TelemetryReader } from '../reader.ts'
import type { Lineage, Step } from '../step.ts'

export interface Read {
  readonly reader: TelemetryReader
  readonly steps: readonly Step[]
}

/** All steps of a text, read in pieces of a size. */
export function read(text: string | Uint8Array, size = 1 << 16): Read {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const reader = new TelemetryReader('log')
  const steps: Step[] = []
  for (let at = 0; at < bytes.length; at += size) steps.push(...reader.push(bytes.subarray(at, at + size)))
  steps.push(...reader.end())
  return { reader, steps }
}

export type Plain = Literal | Cut | readonly (Literal | Cut)[] | 'unknown' | 'absent'

/** A field as a reader of tests likes it. */
export function plain(field: Field | undefined): Plain {
  if (field === undefined || (!field.whole && field.values.length === 0)) return 'unknown'
  if (field.values.length === 0) return 'absent'
  const [first] = field.values
  return field.values.length === 1 && first !== undefined ? first : field.values
}

export function plainFields(fields: Readonly<Record<string, Field>>): Record<string, Plain> {
  return Object.fromEntries(Object.entries(fields).map(([property, field]) => [property, plain(field)]))
}

/** The events with their fields, and the lineage of who acts as paths. */
export function eventsOf({ steps }: Read) {
  return steps.flatMap((step) => {
    if (step.kind !== 'event') return []
    const { id, object, operation, at, fields } = step.event
    return [
      {
        id,
        object,
        operation,
        at,
        fields: plainFields(fields),
        actor: pathsOf(step.actor),
        process: factsOf(step.actor),
      },
    ]
  })
}

function factsOf(lineage: Lineage | undefined): Record<string, Plain> {
  return lineage === undefined ? {} : plainFields(lineage.facts.fields)
}

function pathsOf(lineage: Lineage | undefined): readonly Plain[] {
  const paths: Plain[] = []
  for (let next = lineage ?? null; next !== null; next = next.parent)
    paths.push(plain(next.facts.fields['process.path']))
  return paths
}

const shell = {
  UtcTime: '2024-05-06 07:08:09.123',
  ProcessGuid: '{b3c4d5e6-0000-0000-1111-000000000001}',
  ProcessId: '4242',
  Image: 'C:\\Windows\\System32\\cmd.exe',
}

/** Values of Sysmon events, made up, by event id. */
export const sysmonValues: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1: {
    ...shell,
    CommandLine: 'cmd /c whoami',
    CurrentDirectory: 'C:\\Users\\ann\\',
    User: 'LAB\\ann',
    IntegrityLevel: 'Medium',
    Hashes: `MD5=${'a'.repeat(32)},SHA256=${'B'.repeat(64)},IMPHASH=${'c'.repeat(32)}`,
    ParentProcessGuid: '{b3c4d5e6-0000-0000-1111-000000000000}',
    ParentProcessId: '800',
    ParentImage: 'C:\\Program Files\\Office\\winword.exe',
    ParentCommandLine: '"winword.exe" letter.docx',
    ParentUser: 'LAB\\ann',
  },
  2: { ...shell, TargetFilename: 'C:\\Users\\ann\\old.txt', CreationUtcTime: '2001-01-01 00:00:00.000' },
  3: {
    ...shell,
    User: 'LAB\\ann',
    Protocol: 'tcp',
    Initiated: 'true',
    SourceIp: '192.0.2.10',
    SourcePort: '50000',
    DestinationIp: '2001:db8:0:0:0:0:0:1',
    DestinationPort: '443',
  },
  5: shell,
  6: {
    UtcTime: shell.UtcTime,
    ImageLoaded: 'C:\\Windows\\System32\\drivers\\bad.sys',
    Hashes: `SHA1=${'d'.repeat(40)}`,
    Signed: 'false',
    Signature: '-',
  },
  7: {
    ...shell,
    ImageLoaded: 'C:\\Users\\ann\\evil.dll',
    Hashes: `MD5=${'e'.repeat(32)}`,
    Signed: 'false',
    Signature: '-',
    SignatureStatus: 'Unavailable',
  },
  11: { ...shell, TargetFilename: 'C:\\Users\\ann\\drop.tar.gz', CreationUtcTime: shell.UtcTime },
  12: { ...shell, EventType: 'DeleteValue', TargetObject: 'HKLM\\SOFTWARE\\Run\\Updater' },
  13: {
    ...shell,
    EventType: 'SetValue',
    TargetObject: 'HKU\\S-1-5-21\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater',
    Details: 'C:\\Users\\ann\\evil.exe',
  },
  14: {
    ...shell,
    EventType: 'RenameKey',
    TargetObject: 'HKLM\\SOFTWARE\\Old',
    NewName: 'HKLM\\SOFTWARE\\New',
  },
  15: { ...shell, TargetFilename: 'C:\\a.exe:Zone.Identifier', Hash: `MD5=${'f'.repeat(32)}`, Contents: '-' },
  22: {
    ...shell,
    QueryName: 'www.example.test',
    QueryStatus: '0',
    QueryResults: 'type:  5 cdn.example.test;::ffff:192.0.2.80;2001:db8::80;',
  },
  23: {
    ...shell,
    User: 'LAB\\ann',
    TargetFilename: 'C:\\a.exe',
    Hashes: `MD5=${'1'.repeat(32)}`,
    IsExecutable: 'true',
  },
  26: { ...shell, TargetFilename: 'C:\\b.exe', Hashes: '-' },
  29: { ...shell, TargetFilename: 'C:\\c.exe', Hashes: `MD5=${'2'.repeat(32)}` },
}

const provider = 'Microsoft-Windows-Sysmon'

/** The same event in the forms that tools write it in. */
export const sysmonForms: Readonly<
  Record<string, (id: number, values: Readonly<Record<string, string>>) => string>
> = {
  Winlogbeat: (id, values) =>
    JSON.stringify({
      '@timestamp': '2024-05-06T07:08:10.000Z',
      winlog: { event_id: id, provider_name: provider, computer_name: 'pc1.lab', event_data: values },
    }),
  'an older Winlogbeat': (id, values) =>
    JSON.stringify({ event_id: id, source_name: provider, computer_name: 'pc1.lab', event_data: values }),
  'EVTX with an object': (id, values) =>
    JSON.stringify({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: { Provider: { '#attributes': { Name: provider } }, EventID: id, Computer: 'pc1.lab' },
        EventData: values,
      },
    }),
  'EVTX with a list': (id, values) =>
    JSON.stringify({
      Event: {
        System: { Provider: { '@Name': provider }, EventID: { '#text': String(id) }, Computer: 'pc1.lab' },
        EventData: { Data: Object.entries(values).map(([name, text]) => ({ '@Name': name, '#text': text })) },
      },
    }),
  NXLog: (id, values) =>
    JSON.stringify({ EventID: id, SourceName: provider, Hostname: 'pc1.lab', ...values }),
  XML: (id, values) =>
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}'/><EventID>${id}</EventID><Computer>pc1.lab</Computer></System><EventData>${Object.entries(
      values,
    )
      .map(
        ([name, text]) =>
          `<Data Name='${name}'>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Data>`,
      )
      .join('')}</EventData></Event>`,
}
