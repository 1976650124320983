import type { Answerer } from '../answerer.ts'
import { autoruns } from './autoruns.ts'
import { blindIntervals } from './blind-intervals.ts'
import { clientStatus } from './client-status.ts'
import { computerId } from './computer-id.ts'
import { computerName } from './computer-name.ts'
import { cpuConsumption } from './cpu-consumption.ts'
import { disk } from './disk.ts'
import { environment } from './environment.ts'
import { establishedConnectionsWithProcess } from './established-connections-with-process.ts'
import { fileContents } from './file-contents.ts'
import { fileExists } from './file-exists.ts'
import { fileHash } from './file-hash.ts'
import { folderContents } from './folder-contents.ts'
import { groups } from './groups.ts'
import { installedApplications } from './installed-applications.ts'
import { intelCoverage } from './intel-coverage.ts'
import { ipAddress } from './ip-address.ts'
import { kernelModules } from './kernel-modules.ts'
import { lastLoggedInUser } from './last-logged-in-user.ts'
import { loggedInUsers } from './logged-in-users.ts'
import { memory } from './memory.ts'
import { mountsSensor } from './mounts.ts'
import { networkConnections } from './network-connections.ts'
import { openPorts } from './open-ports.ts'
import { operatingSystem } from './operating-system.ts'
import { processTree } from './process-tree.ts'
import { recordedDnsQueries } from './recorded-dns-queries.ts'
import { recordedFileEvents } from './recorded-file-events.ts'
import { recordedNetworkEvents } from './recorded-network-events.ts'
import { recordedProcesses } from './recorded-processes.ts'
import { runningProcesses } from './running-processes.ts'
import { runningProcessesWithHash } from './running-processes-with-hash.ts'
import { scheduledTasks } from './scheduled-tasks.ts'
import { servicesSensor } from './services.ts'
import { uptime } from './uptime.ts'
import { usersSensor } from './users.ts'

/** What answers each sensor on this platform. */
export const answerers: readonly Answerer[] = [
  autoruns,
  blindIntervals,
  clientStatus,
  computerId,
  computerName,
  cpuConsumption,
  disk,
  environment,
  establishedConnectionsWithProcess,
  fileContents,
  fileExists,
  fileHash,
  folderContents,
  groups,
  installedApplications,
  intelCoverage,
  ipAddress,
  kernelModules,
  lastLoggedInUser,
  loggedInUsers,
  memory,
  mountsSensor,
  networkConnections,
  openPorts,
  operatingSystem,
  processTree,
  recordedDnsQueries,
  recordedFileEvents,
  recordedNetworkEvents,
  recordedProcesses,
  runningProcessesWithHash,
  runningProcesses,
  scheduledTasks,
  servicesSensor,
  uptime,
  usersSensor,
]
