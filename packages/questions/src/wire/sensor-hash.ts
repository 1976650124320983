import { digestOfBytes } from '@tocsin/model'
import type { Sensor } from '../sensors/sensor.ts'
import { sensors } from '../sensors/sensors.ts'

/** The number by which the wire form calls a sensor: the first 32 bits of the SHA-256 of its name in lower case. */
export function sensorHash(name: string): number {
  const digest = digestOfBytes(new TextEncoder().encode(name.toLowerCase()))
  return Number.parseInt(digest.slice(0, 8), 16)
}

const byHash = new Map(sensors.map((sensor) => [sensorHash(sensor.name), sensor]))

export function sensorOfHash(hash: number): Sensor | undefined {
  return byHash.get(hash)
}
