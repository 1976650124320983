import { changeSettings, readSettings } from '@tocsin/api/v1/settings.ts'
import { type Route, route } from '../http/serve.ts'
import { changeEndpointSettings, endpointSettings } from './settings.ts'

type Shown = Awaited<ReturnType<typeof endpointSettings>>

const shown = ({ scanRoots, scanExclude, budget }: Shown) => ({
  scanRoots: [...scanRoots],
  scanExclude: [...scanExclude],
  budget,
})

export const routes: readonly Route[] = [
  route(readSettings, async ({ context }) => shown(await endpointSettings(context.database))),
  route(changeSettings, async ({ context, principal, body }) =>
    shown(await changeEndpointSettings(context, principal, body)),
  ),
]
