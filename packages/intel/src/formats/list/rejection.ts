/** Endings of files that are no top-level domains. */
const fileEndings =
  /\.(?:exe|dll|sys|bat|cmd|ps1|vbs|jse?|hta|lnk|scr|docx?|xlsx?|pptx?|pdf|tmp|dat|bin|jar|php|html?|txt)$/i

/** Why a value is nothing to look for. */
export function rejectionOf(text: string): string {
  if (text.length > 2_048) return 'is longer than 2048 characters'
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return 'is an e-mail address, which no endpoint sees'
  if (/^[0-9a-f]{24,}$/i.test(text))
    return `has ${text.length} hexadecimal digits; MD5 has 32, SHA-1 40, SHA-256 64`
  if (/^\d+:[^\s:]+:[^\s:]+$/.test(text)) return 'is a fuzzy hash, which no endpoint computes'
  if (/^[\d.]+(?:[/:]\d+)?$/.test(text)) return 'looks like an address and is none'
  if (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d+)?$/i.test(text))
    return 'looks like an address and is none'
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'is a URL without a host that DNS could have'
  return 'is no hash, address, network, domain or URL'
}

/** A name that could be a domain and is a file's. */
export function isFileName(text: string): boolean {
  return fileEndings.test(text) && !text.includes('/')
}
