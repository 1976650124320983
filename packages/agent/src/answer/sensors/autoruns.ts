import { persistence } from '../../scan/state/persistence.ts'
import { ofState } from '../rows-of-state.ts'

export const autoruns = ofState(
  'Autoruns',
  persistence,
  'persistence.kind',
  'persistence.name',
  'persistence.user',
  'persistence.path',
  'persistence.command_line',
  'persistence.file',
)
