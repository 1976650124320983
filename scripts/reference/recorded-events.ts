import {
  actorRows,
  type EsloggerRow,
  esloggerActor,
  esloggerTable,
  type FieldRow,
  flatAliases,
  parentRows,
  propertiesOfField,
  type SysmonRow,
  sysmonTable,
  usualOperations,
} from '../../packages/telemetry/src/index.ts'
import { codes, table } from './table.ts'

/** What is read of other tools' records, from the tables that the reader itself uses. */
export function recordedEventsPage(): string {
  const read = sysmonTable.flatMap((row) => ('why' in row ? [] : [rowOf(row)]))
  const unread = sysmonTable.flatMap((row) => ('why' in row ? [[String(row.id), row.name, row.why]] : []))
  return `# Recorded events
What \`tocsin match\` and \`tocsin agent replay\` read, and what becomes of it. How to use it: [matching recorded events](../guides/match-recorded-events.md).
Properties are those of [properties](properties.md). One file may mix all of the following; each record tells by its own form what it is.

## Sysmon
Read as JSON of Winlogbeat (\`winlog.event_data\`), of converters of EVTX files (\`Event.EventData\`, as names or as a list of \`Data\`), with all names at the
top (NXLog), one object a line, one behind the other or in arrays; as XML (\`<Event>\`, also in \`<Events>\`); and as syslog lines of Sysmon for Linux. Processes are
told apart by \`ProcessGuid\`; their creators by \`ParentProcessGuid\`, and where those are not in the file, by what the creation tells of them.

${table(['id', 'event', 'object', 'operation', 'fields'], read)}

Every event that names the process which acts tells of it: ${fieldsText(actorRows)}. A process creation tells of its creator: ${fieldsText(parentRows)}.

\`Initiated\` decides which end is the peer. \`TargetObject\` is the key, behind which the name of the value stands where the event is about one. An
empty value or \`-\` is absent; where everything of its kind has such a value it is unknown, as is a value that the record does not name. A hash that \`Hashes\` does not list is unknown.

These ids are counted and not evaluated:

${table(['id', 'event', 'why'], unread)}

## Audit log
Raw lines as \`auditd\` writes them, plain or enriched. The records of one event are joined by their serial. An exec is the start of a process, \`exit_group\` its
end, connect and accept are network events, and open, creat, rename and unlink are file events where the PATH records say that a name was created or deleted.
Calls are known by number for x86-64, i386 and arm64. Everything else is counted by its record type.

## eslogger
Lines of JSON as \`eslogger\` of macOS writes them from Endpoint Security. A process image is told apart by its pid and the version of its pid; its creator is
\`parent_audit_token\`, and \`original_ppid\` where another process has adopted it. Every event tells of the process that acts: ${codes(esloggerActor)}; command line
and working folder are those of its exec, or of the exec of the process that forked it. Only root is known by name. A hole in \`global_seq_num\` is a blind interval with its count. There are no network and no DNS events.

${table(['event', 'object', 'operation', 'properties'], esloggerTable.flatMap(esloggerRead))}

These are counted and not evaluated, as is every event that is not listed:

${table(
  ['event', 'why'],
  esloggerTable.flatMap((row) => ('why' in row ? [[`\`${row.name}\``, row.why]] : [])),
)}

## Flat records
A JSON object a line whose names are properties, with the object as \`type\`: \`{"type": "file", "process.path": "/bin/sh", "file.path": "/tmp/x"}\`.
A time stands in \`at\` (µs), \`time\`, \`timestamp\`, \`@timestamp\` or \`UtcTime\`; \`process.key\` and \`process.parent_key\` tell processes apart, else \`process.pid\` with
\`host\`, else every record has a process of its own. Null and the empty text are absent.

${table(
  ['also read', 'as'],
  [...flatAliases].map(([name, property]) => [`\`${name}\``, `\`${property}\``]),
)}

\`process.hashes\` and the like list hashes as Sysmon does. Beside \`network.source_address\`, \`network.source_port\` or \`network.initiated\` the names \`network.address\` and
\`network.port\` are the destination. Words of Sysmon for what happened in the registry are put into ours. Where no operation is named, the usual one is taken:

${table(
  ['type', 'operation'],
  Object.entries(usualOperations).map(([object, operation]) => [object, operation]),
)}

## Our own lines
One event or one process a line, as the recorder makes them; a process stands before what it did:

\`\`\`json
{"key": "p1", "parent": null, "startedAt": 1714979289000000, "endedAt": null, "fields": {"process.path": {"values": ["/bin/sh"], "whole": true}}}
{"id": "1", "object": "file", "operation": "create", "at": 1714979290000000, "actor": "p1", "fields": {"file.path": {"values": ["/tmp/x"], "whole": true}}}
\`\`\`

\`whole: false\` says that there may be more than is known; without a key a property is unknown, and \`{"values": [], "whole": true}\` is absent.
`
}

function esloggerRead(row: EsloggerRow): readonly (readonly string[])[] {
  if ('why' in row) return []
  return [[`\`${row.name}\``, row.object, row.operation, codes(row.properties)]]
}

function rowOf(row: Exclude<SysmonRow, { readonly why: string }>): readonly string[] {
  const { id, name, object, operation, fields, actor } = row
  const isNamed = operation !== 'Initiated' && operation !== 'EventType'
  return [
    String(id),
    name,
    object,
    isNamed ? operation : `by \`${operation}\``,
    [
      ...(together[object] ?? []),
      fieldsText([...fields, ...actor.filter((each) => !actorRows.includes(each))]),
    ]
      .filter((text) => text !== '')
      .join('; '),
  ]
}

/** What several values say together. */
const together: Readonly<Record<string, readonly string[]>> = {
  network: [
    `\`SourceIp\`, \`SourcePort\`, \`DestinationIp\`, \`DestinationPort\` → ${codes(['network.local_address', 'network.local_port', 'network.remote_address', 'network.remote_port'])}`,
  ],
  registry: [`\`TargetObject\` → ${codes(['registry.key_path', 'registry.value_name'])}`],
}

function fieldsText(rows: readonly FieldRow[]): string {
  return rows.map((row) => `\`${row.from}\` → ${codes(propertiesOfField(row))}`).join('; ')
}
