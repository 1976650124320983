import { host } from '../../scan/state/host.ts'
import { ofState } from '../rows-of-state.ts'

export const computerName = ofState('Computer Name', host, 'host.name')
