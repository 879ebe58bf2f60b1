/** `GET /consent/callback`: where Microsoft sends an administrator back to; answers a page for a person. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit } from '@azure/functions';
import type { CheckTenantDeps } from '../shared/tenants/check-tenant.ts';
import { receiveConsent, type ConsentOutcome, type ConsentStore } from '../shared/tenants/consent.ts';
import { answer, type HttpDeps } from './http.ts';

export interface ReceiveConsentDeps extends Pick<HttpDeps, 'telemetry'>, CheckTenantDeps {
  readonly consents: ConsentStore;
}

export function receiveConsentFunction(deps: ReceiveConsentDeps): HttpFunctionOptions {
  return {
    methods: ['GET'],
    route: 'consent/callback',
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, async () => {
        const outcome = await receiveConsent(deps, answerOf(request));
        if (!('tenant' in outcome)) deps.telemetry('tenants.consent.refused', { code: outcome.kind });
        return page(outcome);
      }),
  };
}

function answerOf({ query }: HttpRequest) {
  const text = (name: string): string | undefined => query.get(name)?.slice(0, 2000);
  return { state: text('state'), tenant: text('tenant'), error: text('error') };
}

interface Words {
  readonly status: number;
  readonly heading: string;
  readonly text: string;
}

const askAgain = 'Ask whoever sent you the link for a new one.';

const words: Readonly<Record<ConsentOutcome['kind'], Words>> = {
  active: {
    status: 200,
    heading: 'Thank you, consent is given',
    text: 'Auditkeep can read the audit trail of this organisation now. You can close this page.',
  },
  notProven: {
    status: 200,
    heading: 'Thank you, consent was received',
    text:
      'Microsoft is still making it known to all its machines, which takes minutes. Auditkeep looks again by itself. ' +
      'You can close this page.',
  },
  declined: { status: 400, heading: 'Consent was declined', text: `Nothing was changed. ${askAgain}` },
  otherTenant: {
    status: 400,
    heading: 'That was another organisation',
    text: `The link was made for another organisation than the one you signed in to. Nothing was changed. ${askAgain}`,
  },
  unknownState: {
    status: 400,
    heading: 'This link cannot be used',
    text: `It was used already, has expired, or is not complete. ${askAgain}`,
  },
};

/** Fixed texts only: nothing that was sent is shown. */
function page({ kind }: ConsentOutcome): HttpResponseInit {
  const { status, heading, text } = words[kind];
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${heading}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}</style>
<h1>${heading}</h1>
<p>${text}</p>
</html>
`;
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  };
  return { status, body, headers };
}
