import { z } from 'zod'
import { contract } from '../contract.ts'
import { agentBudget, scanFolders } from './endpoint-settings.ts'

export const endpointSettings = z.object({
  scanRoots: scanFolders,
  scanExclude: scanFolders,
  budget: agentBudget,
})

export const readSettings = contract({
  method: 'GET',
  path: '/api/v1/settings',
  summary: 'What endpoints of the profile All computers scan and what their agents may use',
  tag: 'Settings',
  may: 'endpoints.read',
  answer: endpointSettings,
})

export const changeSettings = contract({
  method: 'PUT',
  path: '/api/v1/settings',
  summary:
    'Change the scan folders and the budget of the profile All computers; they take effect with the next deployment',
  tag: 'Settings',
  may: 'settings.manage',
  body: endpointSettings,
  answer: endpointSettings,
})
