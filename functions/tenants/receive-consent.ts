/** Administrators return here from Microsoft's consent page; answers with a page for people. */
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import type { Telemetry } from '../../shared/telemetry.ts';
import type { CheckTenantDeps } from '../../shared/tenants/check-tenant.ts';
import { receiveConsent, type ConsentOutcome, type ConsentStore } from '../../shared/tenants/consent.ts';

interface ReceiveConsentDeps extends CheckTenantDeps {
  readonly consents: ConsentStore;
  readonly telemetry: Telemetry;
}

export const receiveConsentHandler = handler(
  api.receiveConsent,
  async (deps: ReceiveConsentDeps, { query, reply }) => {
    const { state, tenant, error } = query;
    const outcome = await receiveConsent(deps, { state, tenant, error });
    if (!('tenant' in outcome)) deps.telemetry('tenants.consent.refused', { code: outcome.kind });
    const words = wordsFor[outcome.kind];
    return reply(words.status, serialized(pageOf(words), 'text/html; charset=utf-8'), pageHeaders);
  },
);

interface Words {
  readonly status: 200 | 400;
  readonly heading: string;
  readonly text: string;
}

const askAgain = 'Ask the person who sent you the link for a new one.';

const wordsFor: Readonly<Record<ConsentOutcome['kind'], Words>> = {
  active: {
    status: 200,
    heading: 'Thank you, consent was granted',
    text: 'Auditkeep can now read the audit trail of this organization. You can close this page.',
  },
  notProven: {
    status: 200,
    heading: 'Thank you, consent was received',
    text:
      'Microsoft is still distributing it to all its servers, which takes a few minutes. Auditkeep checks again ' +
      'automatically. You can close this page.',
  },
  declined: { status: 400, heading: 'Consent was declined', text: `Nothing was changed. ${askAgain}` },
  otherTenant: {
    status: 400,
    heading: 'Wrong organization',
    text: `The link is for a different organization than the one you signed in to. Nothing was changed. ${askAgain}`,
  },
  unknownState: {
    status: 400,
    heading: 'This link cannot be used',
    text: `It was used already, has expired, or is incomplete. ${askAgain}`,
  },
};

const pageHeaders = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/** Fixed texts only: nothing from the request is shown. */
function pageOf({ heading, text }: Words): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${heading}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}</style>
<h1>${heading}</h1>
<p>${text}</p>
</html>
`;
}
