import { absentField, known } from '@tocsin/model'
import { textsField } from './fields.ts'
import type { Look } from './look.ts'
import type { Task } from './task.ts'
import { commandFields } from './unit-commands.ts'
import { lastOf, type UnitSettings, withoutSpecifiers } from './unit-file.ts'
import { allUsers, type Manager, managersOf, templateOf, type Unit, unitsOf } from './units.ts'

export interface Timer extends Task {
  readonly isEnabled: boolean
}

/** Timers of systemd, with what the service that each starts runs. */
export async function timers(look: Look): Promise<readonly Timer[]> {
  const found: Timer[] = []
  for (const manager of [...(await managersOf(look)), allUsers]) {
    const units = (await unitsOf(look, manager, '.timer')).filter(({ isMasked }) => !isMasked)
    if (units.length === 0) continue
    const services = new Map((await unitsOf(look, manager, '.service')).map((unit) => [unit.name, unit]))
    found.push(...units.map((unit) => timerOf(unit, manager, services)))
  }
  return found
}

function timerOf(unit: Unit, manager: Manager, services: ReadonlyMap<string, Unit>): Timer {
  const named = lastOf(unit.settings, 'Timer.Unit') ?? unit.name.replace(/\.timer$/, '.service')
  const name = withoutSpecifiers(named, unit.name)
  const service = services.get(name) ?? services.get(templateOf(name) ?? '')
  const fields = service === undefined ? {} : commandFields('task', { ...service, name }, manager)
  const times = scheduleOf(unit.settings)
  const whose = manager.account?.name ?? (manager === allUsers ? 'users' : undefined)
  return {
    key: whose === undefined ? unit.name : `${whose}/${unit.name}`,
    name: unit.name,
    file: unit.file,
    path: fields['task.path'] ?? absentField,
    commandLine: fields['task.command_line'] ?? absentField,
    user: fields['task.user'] ?? known(manager.account?.name ?? 'root'),
    schedule: times.length === 0 ? absentField : textsField(times),
    isEnabled: unit.isEnabled,
  }
}

function scheduleOf(settings: UnitSettings): readonly string[] {
  return [...settings].flatMap(([name, values]) => {
    const setting = /^Timer\.(On[A-Za-z]+)$/.exec(name)?.[1]
    return setting === undefined ? [] : values.map((value) => `${setting}=${value}`)
  })
}
