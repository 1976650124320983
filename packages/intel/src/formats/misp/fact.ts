/** One thing to look for, before it is known which object it shows on. */
export type Fact =
  | { readonly of: 'md5' | 'sha1' | 'sha256' | 'name' | 'path' | 'size'; readonly value: string }
  | { readonly of: 'remote' | 'local'; readonly value: string }
  | { readonly of: 'remote-port' | 'local-port'; readonly value: string }
  | { readonly of: 'domain' | 'url' | 'key' | 'data' | 'mutex' | 'handle'; readonly value: string }
  | { readonly of: 'service' | 'service-title' | 'task' | 'command'; readonly value: string }
