import type { Observed } from '@tocsin/engine'
import { absentField, type Fields, known, unknownField } from '@tocsin/model'
import { textField } from './fields.ts'
import { initScripts } from './init-scripts.ts'
import type { Look } from './look.ts'
import { observed, type StateProvider } from './provider.ts'
import { nameOf } from './tree.ts'
import { commandFields } from './unit-commands.ts'
import { lastOf, withoutSpecifiers } from './unit-file.ts'
import { type UnitProcesses, unitProcesses } from './unit-processes.ts'
import { allUsers, type Manager, managersOf, systemFolders, type Unit, unitsOf } from './units.ts'

// Limit: services are those of systemd and of /etc/init.d; OpenRC, runit and s6 are not read.
export const services: StateProvider = {
  object: 'service',
  sources: {
    'service.name': 'name of the unit (*.service), or of the script in /etc/init.d',
    'service.description': 'Description=, or the script’s LSB header',
    'service.path': 'first words of ExecStart=, ExecStartPre= and ExecStartPost=, or the script',
    'service.command_line':
      'ExecStart=, ExecStartPre= and ExecStartPost=, also of drop-ins, or the script’s start',
    'service.file': 'unit file that wins, with links resolved, or the script',
    'service.state': 'running: processes in its control group (/proc/PID/cgroup), or in its pid file',
    'service.start_mode': 'auto: another unit or a run level wants it; disabled: masked; else manual',
    'service.user': 'User= or the owner of the home it lies in; else root',
    'service.pid': 'first process in its control group, or in its pid file',
  },
  async *read(look) {
    const processes = await processesOf(look)
    const named = new Set<string>()
    for (const manager of [...(await managersOf(look)), allUsers]) {
      for (const unit of await unitsOf(look, manager, '.service')) {
        if (manager.folders === systemFolders) named.add(unit.name)
        yield serviceOf(unit, manager, processes)
      }
    }
    for (const script of await initScripts(look)) {
      if (!named.has(`${script.name}.service`)) yield script.service
    }
  },
}

async function processesOf(look: Look): Promise<UnitProcesses | undefined> {
  const isBooted = await look.has('/run/systemd/system')
  const processes = isBooted ? await unitProcesses(look) : undefined
  if (processes !== undefined) return processes
  const why = isBooted
    ? 'not all processes can be seen here'
    : 'systemd does not run here, so that no control group tells which units run'
  for (const property of ['service.state', 'service.pid']) look.unknown(property, why)
  return undefined
}

function serviceOf(unit: Unit, manager: Manager, processes: UnitProcesses | undefined): Observed {
  const { name, file, settings } = unit
  const whose = manager.account?.name ?? (manager === allUsers ? 'users' : undefined)
  const description = lastOf(settings, 'Unit.Description')
  return observed('service', whose === undefined ? name : `${whose}/${name}`, {
    'service.name': known(name),
    'service.description': textField(
      description === undefined ? undefined : withoutSpecifiers(description, name),
    ),
    ...commandFields('service', unit, manager),
    'service.file': known(file),
    'service.start_mode': known(startMode(unit)),
    ...runningFields(pidOf(unit, manager, processes), processes !== undefined),
  })
}

function startMode({ isMasked, isEnabled }: Unit): string {
  if (isMasked) return 'disabled'
  return isEnabled ? 'auto' : 'manual'
}

function runningFields(pid: number | undefined, isTold: boolean): Fields {
  if (!isTold) return { 'service.state': unknownField, 'service.pid': unknownField }
  if (pid === undefined) return { 'service.state': known('stopped'), 'service.pid': absentField }
  return { 'service.state': known('running'), 'service.pid': known(pid) }
}

/** Units of a user's manager run beneath `user@UID.service`. */
function pidOf(unit: Unit, manager: Manager, processes: UnitProcesses = new Map()): number | undefined {
  const isUsers = manager.account !== undefined || manager === allUsers
  const above = isUsers ? `/user@${manager.account?.uid ?? ''}` : undefined
  for (const [group, pid] of processes) {
    if (nameOf(group) !== unit.name) continue
    const isBeneathUser = group.includes('/user@')
    if (above === undefined ? !isBeneathUser || unit.name.startsWith('user@') : group.includes(above))
      return pid
  }
  return undefined
}
