/** Documents that a person would not write, to see how the readers bear them. */

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function openIoc(items: string): string {
  return `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><definition><Indicator operator="OR">${items}</Indicator></definition></ioc>`
}

export function iocItem(value: string, condition = 'is', search = 'FileItem/FileName'): string {
  const document = search.slice(0, search.indexOf('/'))
  return `<IndicatorItem condition="${condition}"><Context document="${document}" search="${search}"/><Content type="string">${value}</Content></IndicatorItem>`
}

export function openIoc11(items: string): string {
  return `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="1"><criteria><Indicator operator="OR">${items}</Indicator></criteria></OpenIOC>`
}

export function cybox(objects: string): string {
  return `<cybox:Observables xmlns:cybox="http://cybox.mitre.org/cybox-2"
 xmlns:FileObj="http://cybox.mitre.org/objects#FileObject-2" xmlns:cyboxCommon="http://cybox.mitre.org/common-2"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${objects}</cybox:Observables>`
}

export function cyboxFile(name: string, attributes = 'condition="Equals"'): string {
  return `<cybox:Observable><cybox:Object><cybox:Properties xsi:type="FileObj:FileObjectType"><FileObj:File_Name ${attributes}>${name}</FileObj:File_Name></cybox:Properties></cybox:Object></cybox:Observable>`
}

export function stix(body: string): string {
  return `<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:indicator="http://stix.mitre.org/Indicator-2"
 xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:FileObj="http://cybox.mitre.org/objects#FileObject-2"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="p-1" version="1.2">${body}</stix:STIX_Package>`
}

export function stixIndicator(name: string): string {
  return `<stix:Indicator xsi:type="indicator:IndicatorType">${cyboxFile(name).replaceAll('cybox:Observable>', 'indicator:Observable>')}</stix:Indicator>`
}

export function bundle(...patterns: readonly string[]): string {
  const objects = patterns.map((pattern, number) => ({
    type: 'indicator',
    id: `indicator--${number}`,
    pattern,
  }))
  return JSON.stringify({ type: 'bundle', id: 'bundle--1', objects })
}

export function misp(...values: readonly string[]): string {
  const Attribute = values.map((value) => ({ type: 'filename', value, to_ids: true }))
  return JSON.stringify({ Event: { uuid: '1', info: 'x', Attribute } })
}

export function sigma(detection: string): string {
  return `title: x\nlogsource: {product: linux, category: process_creation}\ndetection:\n${detection}\n`
}

export function nested(depth: number, open: string, inside: string, close: string): string {
  return open.repeat(depth) + inside + close.repeat(depth)
}

/** Patterns that cost an engine that tries, or one that writes out what is counted; the first is harmless to RE2. */
export const patternBombs: readonly (readonly [name: string, pattern: string])[] = [
  ['(a+)+$', '(a+)+$'],
  ['(x{1000}){1000}', '(x{1000}){1000}'],
  ['.{1,100000}', '.{1,100000}'],
  ['a{1000} many times', 'a{1000}'.repeat(1_100)],
  ['a class of Unicode many times', '\\pL'.repeat(2_700)],
]
