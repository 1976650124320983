import { columns, linuxSensor } from './columns.ts'
import type { Sensor } from './sensor.ts'

export const accountSensors: readonly Sensor[] = [
  linuxSensor('Users', 'Accounts of /etc/passwd.', {
    columns: columns(
      ...(['Name', 'ID', 'Full Name', 'Groups', 'Home', 'Shell', ['Disabled', 'flag']] as const),
      ['Last Login', 'time'],
    ),
  }),
  linuxSensor('Groups', 'Groups of /etc/group with the accounts that they name.', {
    columns: columns('Name', ['ID', 'number'], 'Members'),
  }),
  linuxSensor('Logged In Users', 'Sessions that are open now.', {
    columns: columns('User', 'Terminal', 'From', ['Since', 'time']),
  }),
  linuxSensor('Last Logged In User', 'Who logged in last, by the last login of every account.', {
    columns: columns('Last Logged In User'),
  }),
]
