/** Onboardings: start, follow, cancel, and the consent links to send. */
import * as api from '../../shared/api/onboardings.ts';
import { negotiatedTypes, preferredType } from '../../shared/http/accept.ts';
import { handler } from '../../shared/http/handler.ts';
import { answerResult, startedHeaders, withRunning } from '../../shared/http/operation-answers.ts';
import { serialized } from '../../shared/http/reply.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  createOnboardingLinks,
  type OnboardingLinksDeps,
  type TenantLink,
} from '../../shared/onboardings/consent-links.ts';
import { linksAsCsv, linksAsMails, mailOf } from '../../shared/onboardings/link-texts.ts';
import { onboardingKind, type OnboardingStore } from '../../shared/onboardings/onboarding.ts';
import { onboardingSummary, publicOnboarding } from '../../shared/onboardings/public-onboarding.ts';
import { startOnboarding, type StartOnboardingDeps } from '../../shared/onboardings/start-onboarding.ts';
import { cancelOperation } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { wholePartner } from '../../shared/operations/operation.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { pageOfOperations } from '../../shared/operations/page-of-operations.ts';
import { consentCallbackUrl } from '../../shared/tenants/consent.ts';
import { publicConsentLink } from '../../shared/tenants/public-tenant.ts';

interface OnboardingsDeps {
  readonly onboardings: OnboardingStore;
}

export const startOnboardingHandler = handler(
  api.startOnboarding,
  async (deps: StartOnboardingDeps, { request, caller, body, reply }) => {
    const wanted = { request: body, createdBy: caller.id };
    const started = await withRunning(request, startOnboarding(deps, wanted));
    return reply(202, publicOnboarding(started), startedHeaders(addressOf(request, started.id)));
  },
);

export const listOnboardingsHandler = handler(
  api.listOnboardings,
  async ({ onboardings }: OnboardingsDeps, { request: { url }, query, reply }) => {
    const page = { tenantId: wholePartner, query, url, view: onboardingSummary };
    return reply(200, await pageOfOperations(onboardings, page));
  },
);

export const getOnboardingHandler = handler(
  api.getOnboarding,
  async ({ onboardings }: OnboardingsDeps, { path, reply }) =>
    reply(200, publicOnboarding(await findOperation(onboardings, { id: path.onboardingId }))),
);

export const getOnboardingResultHandler = handler(
  api.getOnboardingResult,
  async ({ onboardings }: OnboardingsDeps, { request, path, reply }) => {
    const found = await findOperation(onboardings, { id: path.onboardingId });
    const view = publicOnboarding(found);
    return answerResult(request, resultOf(onboardingKind, found), undefined, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

/** Tenants that were registered stay. */
export const cancelOnboardingHandler = handler(
  api.cancelOnboarding,
  async (deps: StartOnboardingDeps, { path, reply }) => {
    const found = await findOperation(deps.onboardings, { id: path.onboardingId });
    const canceled = await cancelOperation(deps, { store: deps.onboardings }, found);
    return reply(202, publicOnboarding(canceled));
  },
);

interface LinksDeps extends OnboardingsDeps, OnboardingLinksDeps {
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

const types = negotiatedTypes(api.createOnboardingLinks);

export const createOnboardingLinksHandler = handler(
  api.createOnboardingLinks,
  async (deps: LinksDeps, { request, path, body, reply }) => {
    const found = await findOperation(deps.onboardings, { id: path.onboardingId });
    const callbackUrl = consentCallbackUrl(deps.publicUrl, request.url);
    const links = await createOnboardingLinks(deps, found, callbackUrl);
    const varied = { Vary: 'Accept' };
    const type = preferredType(request.headers.get('accept'), types);
    if (type === 'text/plain') {
      const mails = linksAsMails(links, body.partnerName);
      return reply(200, serialized(mails, 'text/plain; charset=utf-8'), varied);
    }
    if (type !== 'text/csv') {
      return reply(200, { value: links.map((link) => publicLink(link, body.partnerName)) }, varied);
    }
    const headers = { ...varied, 'Content-Disposition': `attachment; filename="consent-${found.id}.csv"` };
    return reply(200, serialized(linksAsCsv(links.map(listedLink)), 'text/csv; charset=utf-8'), headers);
  },
);

function publicLink(link: TenantLink, partnerName: string | undefined) {
  const { subject: mailSubject, text: mailText } = mailOf(link, partnerName);
  return { row: link.row, ...listedLink(link), mailSubject, mailText };
}

function listedLink(link: TenantLink) {
  const { tenantId, domain, displayName } = link.tenant;
  return { tenantId, domain, displayName, ...publicConsentLink(link) };
}
