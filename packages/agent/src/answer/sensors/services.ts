import { services } from '../../scan/state/services.ts'
import { ofState } from '../rows-of-state.ts'

export const servicesSensor = ofState(
  'Services',
  services,
  'service.name',
  'service.state',
  'service.start_mode',
  'service.user',
  'service.path',
  'service.command_line',
)
