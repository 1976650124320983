import { host } from '../../scan/state/host.ts'
import { ofState } from '../rows-of-state.ts'

export const operatingSystem = ofState('Operating System', host, 'host.os')
