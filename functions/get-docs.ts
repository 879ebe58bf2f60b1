/** `GET /docs`: the description of this interface as a page, which needs neither scripts nor anything from elsewhere. */
import type { HttpFunctionOptions } from '@azure/functions';
import { docsPage, docsPolicy } from '../shared/description/docs-page.ts';
import { allOperations } from '../shared/description/operations/all.ts';
import { answer, baseUrlOf, type HttpDeps } from './http.ts';

interface DocsDeps extends Pick<HttpDeps, 'telemetry'> {
  /** Where people reach the app; by default where the request was sent to. */
  readonly publicUrl: string | undefined;
}

export function getDocsFunction(deps: DocsDeps): HttpFunctionOptions {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': docsPolicy,
    'Referrer-Policy': 'no-referrer',
  };
  return {
    methods: ['GET'],
    route: 'docs',
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () => {
        const body = docsPage(allOperations(), deps.publicUrl ?? baseUrlOf(request, 'docs'));
        return Promise.resolve({ body, headers });
      }),
  };
}
