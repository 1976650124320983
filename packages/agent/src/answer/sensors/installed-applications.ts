import { packages } from '../../scan/state/packages.ts'
import { ofState } from '../rows-of-state.ts'

export const installedApplications = ofState(
  'Installed Applications',
  packages,
  'package.name',
  'package.version',
  'package.architecture',
  'package.publisher',
)
