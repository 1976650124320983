/** What each code of an OpenIOC document's diagnostics means; the reference page is made from it. */
export const openIocCodes = {
  IOC001: 'The root is not one of OpenIOC.',
  IOC002: 'There are no items.',
  IOC003: 'An Indicator has no operator, or an unknown one.',
  IOC004: 'An item was refused; the others live.',
  IOC005: 'A term is known to no recorder and no scanner.',
  IOC006: 'One property would have to have two values; the parts are tried per host.',
  IOC007: 'A group has too many alternatives to bind to one instance.',
  IOC008: 'No item is left that could match.',
  IOC009: "The namespace is missing or not OpenIOC's.",
  IOC010: 'A parameter is not evaluable; its item is read without it.',
  IOC011: 'An item is evaluated by what endpoints show of it.',
  IOC012: 'A YARA rule inside the document is not checked before it runs.',
} as const

export type OpenIocCode = keyof typeof openIocCodes
