/** Host and port of a server's URL as node:tls takes them: an IPv6 address without brackets, and a port always. */
export function addressOf({ hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) }
}
