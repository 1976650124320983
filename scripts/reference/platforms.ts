import * as linux from '../../packages/agent/src/recorder/linux/delivered.ts'
import type { EventObject } from '../../packages/model/src/index.ts'
import {
  esloggerProperties,
  esloggerTable,
  eventObjects,
  sysmonProperties,
  sysmonTable,
} from '../../packages/telemetry/src/index.ts'
import { codes, table } from './table.ts'

type Properties = Readonly<Record<string, readonly string[]>>

const linuxProperties: Properties = {
  process: linux.processProperties,
  file: linux.fileProperties,
  network: linux.networkProperties,
  dns: linux.dnsProperties,
  image: linux.imageProperties,
  driver: linux.driverProperties,
  security: linux.securityProperties,
}

/** Where Linux has it from: programs in the kernel, and what stands in for them. */
const linuxSources: Readonly<Partial<Record<EventObject, string>>> = {
  process: 'programs in the kernel; without them audit and the process connector',
  file: 'programs in the kernel; without hooks for files fanotify',
  network: 'programs in the kernel; without them audit, which tells the other end of connections only',
  dns: 'programs in the kernel',
  image: 'programs in the kernel, where it accepts the hook',
  driver: 'programs in the kernel, where it accepts the hook; without them audit',
  security: 'programs in the kernel; without them audit, which does not tell what was mounted',
}

/** What each platform records, from the tables that the recorders use, and what of it was run where. */
export function platformsPage(): string {
  return `# Platforms
What an agent records, object by object, and on what this was run. What one endpoint delivers is found there by trial, and stands in its capability
with the reasons for what is missing (\`GET /api/v1/endpoints/:id\`). Properties: [properties](properties.md).

| platform | recorder | scans | run on |
|--|--|--|--|
| Linux, x86-64 | programs in the kernel; audit, process connector and fanotify where they cannot be loaded | yes | kernel 6.18, which refuses trampolines, in the tests; hooks with trampolines on Debian's kernels 6.1 and 6.12 under QEMU, by \`scripts/kernels/run.sh\` |
| Windows | channel of Sysmon | no | not run on real Windows |
| macOS | eslogger | no | not run on real macOS |

The agents of Windows and macOS are written against the same interface as that of Linux. Their logic – batches, bookmarks, logs that have
wrapped, restarts, numbers that are missing – is tested with fakes of the system, and the way from events to alerts by replaying recorded events
(\`tocsin agent replay\`). The calls of \`wevtapi.dll\`, the start of \`eslogger\` and everything else in such an agent were never run there: expect faults.

## What is recorded
${table(['object', 'Linux', 'Windows', 'macOS'], eventObjects.map(rowOf))}

## Linux
${propertiesTable(linuxProperties)}

## Windows
The channel \`Microsoft-Windows-Sysmon/Operational\` is read in pull mode, 64 events at a time, by a thread. The place in the log is saved once a batch was handed over,
so that what happens while no agent runs is told afterwards. If the log has wrapped meanwhile, the time between is a blind interval with the reason \`overflow\`: give
the log room (\`wevtutil sl Microsoft-Windows-Sysmon/Operational /ms:268435456\`). Which events Sysmon writes, its configuration decides; as it is
installed it tells neither of connections nor of images. An endpoint whose Sysmon leaves an object out claims it all the same.

${propertiesTable(sysmonProperties)}

Sysmon tells neither of plain writes nor of renames of files, nor the exit code of a process. Of ${sysmonTable.length} event ids ${sysmonTable.filter((row) => !('why' in row)).length}
are evaluated; the others are counted ([recorded events](recorded-events.md#sysmon)).

## macOS
\`/usr/bin/eslogger\` runs as a child of the agent, which must be root and have Full Disk Access. Its manual says that its output is no interface and may change; a product would be
a system extension with an entitlement of Apple's. A hole in the numbers of its events is a blind interval with its count. Where it ends it is started again, and the time
between is blind, as is the time in which no agent runs.

${propertiesTable(esloggerProperties)}

Endpoint Security tells of no network and no DNS: they are not in the capability. Of users only root is known by name. Asked for are
${codes(esloggerTable.flatMap((row) => ('why' in row ? [] : [row.name])))} and \`fork\` ([recorded events](recorded-events.md#eslogger)).

## Replayed events
\`tocsin agent replay FILE\` is an endpoint whose events are those of a file. Its platform and its capabilities are those of the records, its findings have the mode \`history\`, and it scans
nothing: [recorded events](recorded-events.md).
`
}

function rowOf(object: EventObject): readonly string[] {
  return [
    object,
    linuxSources[object] ?? '',
    sysmonIds(object),
    esloggerProperties[object] === undefined ? '' : codes(esloggerNames(object)),
  ]
}

function sysmonIds(object: EventObject): string {
  const ids = sysmonTable.flatMap((row) => ('why' in row || row.object !== object ? [] : [row.id]))
  return ids.length === 0 ? '' : `Sysmon ${ids.join(', ')}`
}

function esloggerNames(object: EventObject): readonly string[] {
  return esloggerTable.flatMap((row) => ('why' in row || row.object !== object ? [] : [row.name]))
}

function propertiesTable(properties: Properties): string {
  return table(
    ['object', 'properties of its events'],
    Object.entries(properties).map(([object, names]) => [object, codes(names)]),
  )
}
