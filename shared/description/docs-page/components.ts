/** What the page does differently from Swagger UI: a search over everything, and lines for curl without the key. */
import { isObject, type JsonObject } from '../../json.ts';
import { curlLine } from './curl.ts';
import { exampleCall } from './document.ts';
import { searchOperations } from './search.ts';

type Component<Properties> = (properties: Properties) => unknown;

interface React {
  readonly createElement: <P extends object>(
    component: string | Component<P>,
    properties: P,
    ...children: unknown[]
  ) => unknown;
}

interface System {
  readonly React: React;
}

interface OfOperation {
  readonly path: string;
  readonly method: string;
  /** The answer of the last call, if there was one. */
  readonly tryItOutResponse?: unknown;
}

interface OfRequest {
  readonly request: { toJS(): unknown };
}

interface OfSearch {
  readonly layoutSelectors: { currentFilter(): unknown };
  readonly layoutActions: { updateFilter(phrase: string): void };
}

/** A plugin of Swagger UI. */
export function readable(document: JsonObject) {
  return ({ React }: System) => ({
    fn: { opsFilter: searchOperations },
    wrapComponents: {
      responses: (original: Component<OfOperation>) => (properties: OfOperation) =>
        React.createElement(
          'div',
          {},
          ...beforeCall(React, document, properties),
          React.createElement(original, properties),
        ),
    },
    components: {
      curl: ({ request }: OfRequest) => curlBlock(React, lineOfRequest(request.toJS())),
      FilterContainer: (properties: OfSearch) => searchBox(React, properties),
    },
  });
}

function beforeCall(React: React, document: JsonObject, { path, method, tryItOutResponse }: OfOperation) {
  const line = curlLine(exampleCall(document, path, method));
  return tryItOutResponse === undefined || tryItOutResponse === null ? [curlBlock(React, line)] : [];
}

function curlBlock({ createElement }: React, line: string) {
  return createElement('div', { className: 'curl-line' }, [
    createElement('h4', { key: 'title' }, 'curl'),
    createElement('pre', { key: 'line', tabIndex: 0 }, line),
  ]);
}

function lineOfRequest(request: unknown): string {
  const { method, url, headers, body }: JsonObject = isObject(request) ? request : {};
  const texts = Object.entries(isObject(headers) ? headers : {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return curlLine({
    method: String(method),
    url: String(url),
    headers: Object.fromEntries<string>(texts),
    body: typeof body === 'string' ? body : undefined,
  });
}

function searchBox({ createElement }: React, { layoutSelectors, layoutActions }: OfSearch) {
  const phrase = layoutSelectors.currentFilter();
  return createElement('input', {
    type: 'search',
    className: 'search',
    placeholder: 'Search: words of a title, a path, or a parameter',
    'aria-label': 'Search operations',
    value: typeof phrase === 'string' ? phrase : '',
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      layoutActions.updateFilter(target.value);
    },
  });
}
