export { type Listener, type ListenOptions, listen } from './listen.ts'
export { type ListenerTls, listenerTls } from './listener-certificate.ts'
export { startUplink, type Uplink, type UplinkConfig } from './start.ts'
