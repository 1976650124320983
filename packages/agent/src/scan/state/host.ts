import { arch, machine, networkInterfaces } from 'node:os'
import { absentField, known, unknownField } from '@tocsin/model'
import { textField, textsField } from './fields.ts'
import { type Look, textOfFile } from './look.ts'
import { observed, type StateProvider } from './provider.ts'
import { textOf } from './tree.ts'

export const host: StateProvider = {
  object: 'host',
  sources: {
    'host.name': '/proc/sys/kernel/hostname',
    'host.os': 'PRETTY_NAME in /etc/os-release, else in /usr/lib/os-release',
    'host.kernel': '/proc/sys/kernel/osrelease',
    'host.architecture': 'uname',
    'host.address': 'network interfaces without loopback',
    'host.mac_address': 'network interfaces without loopback',
    'host.time_zone': '/etc/localtime, else /etc/timezone; UTC without them',
  },
  async *read(look) {
    const interfaces = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ internal }) => !internal)
    const macs = interfaces.map(({ mac }) => mac).filter((mac) => !/^[0:]+$/.test(mac))
    yield observed('host', 'this', {
      'host.name': await kernelText(look, 'sys/kernel/hostname'),
      'host.os': await systemName(look),
      'host.kernel': await kernelText(look, 'sys/kernel/osrelease'),
      'host.architecture': known(machine() || arch()),
      'host.address': textsField(interfaces.map(({ address }) => address)),
      'host.mac_address': textsField(macs),
      'host.time_zone': await timeZone(look),
    })
  },
}

async function kernelText(look: Look, name: string) {
  const file = await look.proc(name)
  return file === undefined ? unknownField : textField(textOfFile(file).replace(/\n$/, ''))
}

async function systemName(look: Look) {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const name = /^PRETTY_NAME=["']?([^"'\n]*)/m.exec(await look.text(path))?.[1]
    if (name !== undefined) return textField(name)
  }
  return absentField
}

async function timeZone(look: Look) {
  const target = await look.tree.linkAt('/etc/localtime').catch(() => undefined)
  const zone = target === undefined ? undefined : /\/zoneinfo\/(.+)$/.exec(target)?.[1]
  if (zone !== undefined) return known(textOf(zone))
  const named = (await look.text('/etc/timezone')).split('\n')[0]
  if (named !== undefined && named !== '') return known(named)
  return (await look.has('/etc/localtime')) ? unknownField : known('UTC')
}
