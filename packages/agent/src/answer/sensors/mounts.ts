import { mounts } from '../../scan/state/mount-points.ts'
import { ofState } from '../rows-of-state.ts'

export const mountsSensor = ofState(
  'Mounts',
  mounts,
  'mount.path',
  'mount.device',
  'mount.type',
  'mount.options',
)
