import { allows, groupsFor, type Principal } from '../access/index.ts'
import { Failure } from '../http/failure.ts'

/** Computer groups whose endpoints are asked; null: all. */
export type Scope = readonly number[] | null

/** Whom a principal asks: the group that is named, or all whom it may ask. */
export function scopeOf(principal: Principal, group: number | null, isSecret: boolean): Scope {
  const may = (permission: 'questions.ask' | 'questions.secrets', scope: Scope) =>
    scope === null
      ? groupsFor(principal, permission) === undefined && allows(principal, permission)
      : scope.every((each) => allows(principal, permission, each))
  const scope = group === null ? (groupsFor(principal, 'questions.ask') ?? null) : [group]
  if (!may('questions.ask', scope)) throw new Failure('access.forbidden')
  if (isSecret && !may('questions.secrets', scope))
    throw new Failure('access.forbidden', { detail: secretDetail })
  return scope
}

const secretDetail = 'A sensor of the question may tell secrets: it takes the permission questions.secrets.'

/** What of others' questions a principal sees. */
export interface Reach {
  /** Only questions to these groups alone; nothing means all. */
  readonly groups: readonly number[] | undefined
  /** Groups in which it sees what may be secret; nothing means all. */
  readonly secretGroups: readonly number[] | undefined
}

export function reachOf(principal: Principal): Reach {
  const secretGroups = allows(principal, 'questions.secrets') ? groupsFor(principal, 'questions.secrets') : []
  return { groups: groupsFor(principal, 'questions.read'), secretGroups }
}
