import { absentField, type Fields, known, unknownField } from '@tocsin/model'
import { textsField } from './fields.ts'
import { lastOf, withoutSpecifiers } from './unit-file.ts'
import type { Manager, Unit } from './units.ts'

/** All that a service runs when it starts, main commands first. */
const starting: readonly string[] = ['Service.ExecStart', 'Service.ExecStartPre', 'Service.ExecStartPost']

/** Path, command line and account of what a unit starts, as properties of an object. */
export function commandFields(object: string, unit: Unit, manager: Manager): Fields {
  const commands = starting
    .flatMap((name) => unit.settings.get(name) ?? [])
    .map((command) => withoutSpecifiers(command.replace(/^[-@:+!|]+[ \t]*/, ''), unit.name))
  const paths = commands.map(executableOf).filter((path) => path !== '')
  return {
    [`${object}.command_line`]: commands.length === 0 ? absentField : textsField(commands),
    [`${object}.path`]: paths.length === 0 ? absentField : pathsField(paths),
    [`${object}.user`]: userOf(unit, manager),
  }
}

function userOf(unit: Unit, { account }: Manager) {
  if (account !== undefined) return known(account.name)
  const user = lastOf(unit.settings, 'Service.User')
  if (user !== undefined) return known(withoutSpecifiers(user, unit.name))
  const isDynamic = /^(?:1|yes|y|true|t|on)$/i.test(lastOf(unit.settings, 'Service.DynamicUser') ?? '')
  return known(isDynamic ? unit.name.replace(/\.[^.]*$/, '') : 'root')
}

/** The first word of a command, without its quotes. */
export function executableOf(command: string): string {
  const [, double, single, bare] = /^(?:"([^"]*)"|'([^']*)'|([^ \t]+))/.exec(command) ?? []
  return double ?? single ?? bare ?? ''
}

/** A name without a folder is looked for in PATH, which is not known here. */
export function pathsField(paths: readonly string[]) {
  const full = paths.filter((path) => path.startsWith('/'))
  if (full.length === 0) return unknownField
  return textsField(full, full.length === paths.length)
}
