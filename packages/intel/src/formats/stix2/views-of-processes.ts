import type { Condition } from '@tocsin/model'
import { term } from '../lowering/compose.ts'
import type { ObjectPath, PropertyTest } from './pattern/ast.ts'
import { hashRows, type Row, spelledAlike, type View, view } from './views.ts'

const processRows: readonly Row[] = [
  ['command_line', 'process.command_line'],
  ['arguments[*]', 'process.command_line', { isPart: true }],
  ['name', 'process.name'],
  ['pid', 'process.pid'],
  ['cwd', 'process.cwd'],
  ['created', 'process.start_time'],
  ['created_time', 'process.start_time'],
  ['image_ref.name', 'process.name'],
  ['binary_ref.name', 'process.name'],
  ['image_ref.path', 'process.path'],
  ['binary_ref.path', 'process.path'],
  ['creator_user_ref.account_login', 'process.user_name'],
  ['creator_user_ref.user_id', 'process.user_name'],
  ['parent_ref.command_line', 'process.parent_command_line'],
  ['parent_ref.name', 'process.parent_name'],
  ['parent_ref.pid', 'process.parent_pid'],
  ['parent_ref.image_ref.name', 'process.parent_name'],
  ['parent_ref.binary_ref.name', 'process.parent_name'],
  ...hashRows('image_ref.hashes', 'process'),
  ...hashRows('binary_ref.hashes', 'process'),
  ...hashRows('parent_ref.image_ref.hashes', 'process.parent'),
  ...hashRows('parent_ref.binary_ref.hashes', 'process.parent'),
]

const process = view('process', processRows, {
  conditionOf: environment,
  readsInPart: (path) => variableOf(path) !== undefined,
  paths: [['environment_variables.NAME', 'process.environment']],
})

/** `environment_variables.NAME = 'x'` is the variable `NAME=x`. */
function environment(test: PropertyTest): Condition | undefined {
  const variable = variableOf(test.path)
  if (variable === undefined) return undefined
  const words = { object: 'process', property: 'process.environment', exact: true } as const
  if (test.kind === 'exists')
    return term({ ...words, comparison: 'starts with', values: [`${variable}=`], negate: test.isNegated })
  const texts = test.constants.flatMap((constant) => (constant.kind === 'text' ? [constant.value] : []))
  const comparison = comparisons[test.operator]
  if (comparison === undefined || texts.length === 0) return undefined
  const values = texts.map((text) => `${variable}=${text}`)
  return term({ ...words, comparison, values, negate: test.isNegated })
}

function variableOf(path: ObjectPath): string | undefined {
  const name = /^environment_variables\.(?:'(.+)'|(.+))$/.exec(spelledAlike(path))
  return name?.[1] ?? name?.[2]
}

const comparisons: Partial<Readonly<Record<string, 'is' | 'like'>>> = { '=': 'is', IN: 'is', LIKE: 'like' }

const connectionRows: readonly Row[] = [
  ['dst_ref.value', 'network.remote_address'],
  ['dst_port', 'network.remote_port'],
  ['src_ref.value', 'network.local_address'],
  ['src_port', 'network.local_port'],
  ['protocols[*]', 'network.protocol'],
]

/** A connection knows the process that opened it. */
const opening = view(
  'network',
  [
    ...processRows,
    ...connectionRows.map(([path, property]): Row => [`opened_connection_refs[*].${path}`, property]),
  ],
  { about: /^opened_connection_refs/ },
)

const service = "extensions.'windows-service-ext'"

const startModes = {
  service_auto_start: 'auto',
  service_demand_start: 'manual',
  service_disabled: 'disabled',
} as const
const states = { service_running: 'running', service_stopped: 'stopped' } as const

const windowsService = view(
  'service',
  [
    [`${service}.service_name`, 'service.name'],
    [`${service}.display_name`, 'service.description'],
    [`${service}.descriptions[*]`, 'service.description'],
    [`${service}.service_dll_refs[*].path`, 'service.file'],
    [`${service}.service_dll_refs[*].name`, 'service.file', { isPart: true }],
    [`${service}.start_type`, 'service.start_mode', { words: startModes }],
    [`${service}.service_status`, 'service.state', { words: states }],
    ['command_line', 'service.command_line'],
    ['pid', 'service.pid'],
    ['image_ref.path', 'service.path'],
    ['binary_ref.path', 'service.path'],
    ['image_ref.name', 'service.path', { isPart: true }],
    ['binary_ref.name', 'service.path', { isPart: true }],
    ['creator_user_ref.account_login', 'service.user'],
  ],
  { about: /^extensions\.'windows-service-ext'/ },
)

export const processViews: readonly View[] = [process, opening, windowsService]

/** What events tell of the process that caused them. */
export const actor = process

const unix = "extensions.'unix-account-ext'"

export const accountViews: readonly View[] = [
  view('user', [
    ['user_id', 'user.id'],
    ['account_login', 'user.name'],
    ['display_name', 'user.full_name'],
    ['is_disabled', 'user.disabled'],
    ['account_last_login', 'user.last_login'],
    [`${unix}.groups[*]`, 'user.group'],
    [`${unix}.home_dir`, 'user.home'],
    [`${unix}.shell`, 'user.shell'],
  ]),
  view('process', [['account_login', 'process.user_name']]),
]
