import type { Micros } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'
import type { Profile, ProfileBody, ProfileFacts } from './profile.ts'

type Row = Omit<Profile, keyof ProfileBody> & { readonly body: ProfileBody }

const select = `select p.id, p.name, p.priority, p.version, p.body, p.changed_at as "changedAt", p.changed_by as "changedBy",
    array(select g.computer_group from profile_groups g where g.profile = p.id order by 1) as groups,
    case when b.version is null then 'New' when b.version <> p.version then 'Updated'
      when b.settled_at is null then 'Deploying' else 'Deployed' end as state
  from profiles p left join (
    select d.settled_at, (x ->> 'id')::int as id, (x ->> 'version')::int as version
    from (select bindings, settled_at from deployments order by revision desc limit 1) d,
      jsonb_array_elements(d.bindings) x) b on b.id = p.id`

/** The highest priority first. */
export async function allProfiles(within: Queryable): Promise<readonly Profile[]> {
  return (await within.query<Row>(`${select} order by p.priority desc, p.id`)).map(profileOf)
}

export async function profileById(within: Queryable, id: number): Promise<Profile> {
  const [row] = await within.query<Row>(`${select} where p.id = $1`, [id])
  if (row === undefined) throw new Failure('profile.unknown')
  return profileOf(row)
}

export async function profileNamed(within: Queryable, name: string): Promise<Profile | null> {
  const [row] = await within.query<Row>(`${select} where lower(p.name) = lower($1)`, [name])
  return row === undefined ? null : profileOf(row)
}

interface Signed {
  readonly by: string
  readonly at: Micros
}

/** Its id; refused if another has its name. */
export async function insertProfile(
  within: Queryable,
  facts: ProfileFacts,
  { by, at }: Signed,
): Promise<number> {
  const [row] = await within.query<{ id: number }>(
    `insert into profiles (name, priority, version, body, changed_at, changed_by) values ($1, $2, 1, $3, $4, $5)
     on conflict (lower(name)) do nothing returning id`,
    [facts.name, facts.priority, storableJson(bodyOf(facts)), at, by],
  )
  if (row === undefined) throw new Failure('profile.name-taken')
  await bind(within, row.id, facts.groups)
  return row.id
}

/** Under the next version; refused if another has its name, or `version` is not the newest. */
export async function replaceProfile(
  within: Queryable,
  { id, version, ...facts }: ProfileFacts & Pick<Profile, 'id' | 'version'>,
  { by, at }: Signed,
): Promise<void> {
  const taken = await within.query('select from profiles where lower(name) = lower($1) and id <> $2', [
    facts.name,
    id,
  ])
  if (taken.length > 0) throw new Failure('profile.name-taken')
  const changed = await within.query(
    `update profiles set name = $3, priority = $4, body = $5, changed_at = $6, changed_by = $7, version = version + 1
     where id = $1 and version = $2 returning id`,
    [id, version, facts.name, facts.priority, storableJson(bodyOf(facts)), at, by],
  )
  if (changed.length === 0) throw new Failure('profile.changed')
  await within.query('delete from profile_groups where profile = $1', [id])
  await bind(within, id, facts.groups)
}

async function bind(within: Queryable, id: number, groups: readonly number[]): Promise<void> {
  await within.query(
    'insert into profile_groups (profile, computer_group) select $1, * from unnest($2::int[]) on conflict do nothing',
    [id, groups],
  )
}

function profileOf({ body, ...row }: Row): Profile {
  return { ...row, ...body }
}

export function bodyOf({ intel, recorder, scan, budget, responses }: ProfileBody): ProfileBody {
  return { intel, recorder, scan, budget, responses }
}
