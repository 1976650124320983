import type { Hints } from '@tocsin/intel'
import type { Capability } from '@tocsin/model'
import type { Principal } from '../../access/index.ts'

/** May do everything, everywhere. */
export const administrator: Principal = {
  user: { id: 1, name: 'admin' },
  via: { kind: 'session' },
  grants: [{ role: 'administrator', groups: [] }],
  scope: null,
}

export interface Body {
  readonly bytes: Uint8Array
  readonly hints: Hints
}

/** A signal as an upload: its text decides, its name comes beside it. */
export function signal(name: string, text = `process.path contains '${name}'`): Body {
  return { bytes: new TextEncoder().encode(text), hints: { fileName: `${name}.signal`, name } }
}

export function openIoc(
  name: string,
  id = 'aaaaaaaa-0000-4000-8000-000000000001',
  path = `/tmp/${name}`,
): Body {
  const text = `<?xml version="1.0" encoding="utf-8"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="${id}" last-modified="2024-01-01T00:00:00">
  <short_description>${name}</short_description>
  <definition>
    <Indicator operator="OR" id="${id.replace(/.$/, '2')}">
      <IndicatorItem id="${id.replace(/.$/, '3')}" condition="is">
        <Context document="FileItem" search="FileItem/FullPath" type="mir"/>
        <Content type="string">${path}</Content>
      </IndicatorItem>
    </Indicator>
  </definition>
</ioc>`
  return { bytes: new TextEncoder().encode(text), hints: { fileName: 'file.ioc' } }
}

/** What an endpoint on Linux with recorder and scanner delivers. */
export const linuxCapability: Capability = {
  platform: 'linux',
  contracts: [1],
  privileged: true,
  events: { process: ['process.path', 'process.command_line', 'process.name'] },
  state: { file: ['file.path', 'file.name', 'file.sha256'] },
  historySince: 1,
  yara: [],
  why: {},
}
