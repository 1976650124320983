import { modules } from '../../scan/state/modules.ts'
import { ofState } from '../rows-of-state.ts'

export const kernelModules = ofState('Kernel Modules', modules, 'module.name', 'module.path', 'module.size')
