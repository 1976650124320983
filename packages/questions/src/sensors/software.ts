import { columns, linuxSensor } from './columns.ts'
import type { Sensor } from './sensor.ts'

export const softwareSensors: readonly Sensor[] = [
  linuxSensor('Installed Applications', 'Packages of dpkg, apk, pacman and rpm.', {
    columns: columns('Name', 'Version', 'Architecture', 'Publisher'),
  }),
  linuxSensor('Services', 'Services of systemd and of /etc/init.d.', {
    columns: columns('Name', 'State', 'Start Mode', 'User', 'Path', 'Command Line'),
  }),
  linuxSensor('Scheduled Tasks', 'Jobs of cron, anacron and at, and timers of systemd.', {
    columns: columns('Name', 'Schedule', 'User', 'Command Line', 'File'),
  }),
  linuxSensor('Autoruns', 'What starts or is loaded again after a restart or a login.', {
    columns: columns('Kind', 'Name', 'User', 'Path', 'Command Line', 'File'),
  }),
]
