/** The namespaces of CybOX 2 and STIX 1 before and after OASIS took them over; versions within them do not matter. */
export function isCybox(namespace: string): boolean {
  return /^http:\/\/(?:cybox\.mitre\.org\/|docs\.oasis-open\.org\/cti\/ns\/cybox\/)/.test(namespace)
}

export function isCyboxObject(namespace: string): boolean {
  return /^http:\/\/(?:cybox\.mitre\.org\/objects#|docs\.oasis-open\.org\/cti\/ns\/cybox\/objects\/)/.test(
    namespace,
  )
}

export function isStix(namespace: string): boolean {
  return /^http:\/\/(?:stix\.mitre\.org\/|docs\.oasis-open\.org\/cti\/ns\/stix\/)/.test(namespace)
}
