import { attributeOf, childrenNamed, type XmlElement } from '../../xml/tree.ts'
import { isStix } from '../cybox/names.ts'

/** What a package holds that can be looked for, wherever it stands: in lists, reports, TTPs, incidents, packages. */
export interface Contents {
  /** The indicators that stand for themselves: those used only inside composite ones are parts of these. */
  readonly indicators: readonly XmlElement[]
  /** The elements whose children are observables, outside of indicators. */
  readonly observableLists: readonly XmlElement[]
}

export function contentsOf(root: XmlElement): Contents {
  const found = {
    indicators: [] as XmlElement[],
    observableLists: [] as XmlElement[],
    used: new Set<string>(),
  }
  collect(root, 'anywhere', found)
  const free = found.indicators.filter((each) => !found.used.has(attributeOf(each, 'id') ?? ''))
  return {
    indicators: free.length === 0 ? found.indicators : free,
    observableLists: found.observableLists,
  }
}

type Place = 'anywhere' | 'list of indicators' | 'indicator' | 'composite'

interface Found {
  readonly indicators: XmlElement[]
  readonly observableLists: XmlElement[]
  readonly used: Set<string>
}

function collect(element: XmlElement, place: Place, found: Found): void {
  const isIndicator = element.local === 'Indicator' && isStix(element.namespace)
  const reference = attributeOf(element, 'idref')
  if (isIndicator && place === 'composite') found.used.add(reference ?? '')
  else if (isIndicator && (reference === undefined || place === 'list of indicators'))
    found.indicators.push(element)
  const isOutside = place === 'anywhere' || place === 'list of indicators'
  if (isOutside && holdsObservables(element)) found.observableLists.push(element)
  const inside = isIndicator && place !== 'composite' ? 'indicator' : placeInside(element, place)
  for (const child of element.children) collect(child, inside, found)
}

function placeInside(element: XmlElement, place: Place): Place {
  if (place === 'composite' || element.local === 'Composite_Indicator_Expression') return 'composite'
  if (place === 'indicator') return 'indicator'
  return element.local === 'Indicators' && isStix(element.namespace) ? 'list of indicators' : 'anywhere'
}

const lists: ReadonlySet<string> = new Set([
  'Observables',
  'Observable_Characterization',
  'Related_Observable',
])

function holdsObservables(element: XmlElement): boolean {
  return lists.has(element.local) && childrenNamed(element, 'Observable').length > 0
}
