import { users } from '../../scan/state/users.ts'
import { ofState } from '../rows-of-state.ts'

export const usersSensor = ofState(
  'Users',
  users,
  'user.name',
  'user.id',
  'user.full_name',
  'user.group',
  'user.home',
  'user.shell',
  'user.disabled',
  'user.last_login',
)
