import { columns, linuxSensor } from './columns.ts'
import type { Sensor } from './sensor.ts'

export const machineSensors: readonly Sensor[] = [
  linuxSensor('Computer Name', 'The name that the machine gives itself.', {
    columns: columns('Computer Name'),
  }),
  linuxSensor('Computer ID', 'The id that the endpoint was given when it was enrolled.', {
    columns: columns('Computer ID'),
  }),
  linuxSensor('IP Address', 'Addresses of the network interfaces, without loopback.', {
    columns: columns('IP Address'),
  }),
  linuxSensor('Operating System', 'Name and version as the distribution writes them.', {
    columns: columns('Operating System'),
  }),
  linuxSensor('CPU Consumption', 'Share of all processors that was busy during half a second.', {
    columns: columns(['CPU Consumption', 'percent']),
  }),
  linuxSensor('Memory', 'Memory of the machine, and how much of it programs could still take.', {
    columns: columns(['Total', 'bytes'], ['Available', 'bytes'], ['Used', 'percent']),
  }),
  linuxSensor('Disk', 'Local file systems with their room.', {
    columns: columns(
      'Mount Point',
      'Device',
      'Type',
      ['Size', 'bytes'],
      ['Free', 'bytes'],
      ['Used', 'percent'],
    ),
  }),
  linuxSensor('Uptime', 'Time since the start of the machine.', {
    columns: columns(['Uptime', 'duration'], ['Started', 'time']),
  }),
  linuxSensor('Mounts', 'File systems that are mounted, as the agent sees them.', {
    columns: columns('Mount Point', 'Device', 'Type', 'Options'),
  }),
  linuxSensor('Kernel Modules', 'Modules that the kernel has loaded.', {
    columns: columns('Name', 'Path', ['Size', 'bytes']),
  }),
]
