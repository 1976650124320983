import type { ObjectRow, ObjectRows } from './rows.ts'

function nowhere(why: string, types: string): ObjectRows {
  const row: ObjectRow = { object: 'host', why, fields: {} }
  return Object.fromEntries(
    types
      .trim()
      .split(/\s+/)
      .map((name) => [`${name}ObjectType`, row]),
  )
}

/** Objects that no endpoint sees, and why. */
export const unseenObjects: ObjectRows = {
  ...nowhere('e-mail is not recorded', 'EmailMessage'),
  ...nowhere('messages of phones are not recorded', 'SMSMessage'),
  ...nowhere('the certificates of connections are not recorded', 'X509Certificate X509V3Certificate'),
  ...nowhere('who registered a name is not known on an endpoint', 'Whois'),
  ...nowhere('to which network an address belongs is not known on an endpoint', 'AS'),
  ...nowhere('a custom object has a meaning to its author alone', 'Custom'),
  ...nowhere('the devices of a machine are not scanned', 'Device'),
  ...nowhere('what is shown on screens is not recorded', 'GUI GUIDialogbox GUIWindow'),
  ...nowhere('the histories of browsers are not read', 'URLHistory'),
  ...nowhere('calls of functions are not recorded', 'API'),
  ...nowhere(
    'the tables of the network stack are not scanned',
    `ARPCache NetworkRouteEntry NetRoute NetworkRoute
    NetworkSubnet UnixNetworkRouteEntry WindowsNetworkRouteEntry`,
  ),
  ...nowhere('the flows of a network are not seen on an endpoint', 'NetworkFlow'),
  ...nowhere('sessions of users are not scanned', 'UserSession'),
  ...nowhere(
    'this object of the Windows kernel is not scanned',
    `Semaphore WindowsSemaphore WindowsCriticalSection
    WindowsEvent WindowsFilemapping WindowsHook WindowsKernel WindowsMailslot WindowsMemoryPageRegion WindowsThread
    WindowsWaitableTimer`,
  ),
  ...nowhere(
    'this state of Windows is not scanned',
    `WindowsComputerAccount WindowsNetworkShare WindowsPrefetch
    WindowsSystemRestore`,
  ),
}
