import { useRoute } from 'preact-iso';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import type { Tone } from '../parts/tone.ts';
import { Button } from '../parts/button.tsx';
import { Copy } from '../parts/copy.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Progress } from '../parts/progress.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { isRunning, useOnboarding } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

type Onboarding = AnswerTo<'GetOnboarding'>;
type Row = Onboarding['tenants'][number];

/** Many tenants at once: what became of each row, and the links to send. */
export function OnboardingPage() {
  const { onboardingId = '' } = useRoute().params;
  const onboarding = useOnboarding(onboardingId);
  return (
    <Page
      title="Onboarding"
      above={[
        { href: '/console/tenants', text: 'Tenants' },
        { href: '/console/tenants/onboard?how=many', text: 'Onboard tenants' },
      ]}
    >
      <Loaded query={onboarding} what="onboarding">
        {(one) => (
          <>
            <Summary onboarding={one} />
            {!isRunning(one.status) && <Links onboardingId={one.id} />}
            <Rows rows={one.tenants} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Summary({ onboarding }: { readonly onboarding: Onboarding }) {
  const { status, tenantCount, doneCount, registeredCount, alreadyRegisteredCount, refusedCount } =
    onboarding;
  const percent = Math.round((100 * doneCount) / Math.max(1, tenantCount));
  return (
    <section class="card section" aria-label="Status">
      {isRunning(status) ? (
        <>
          <Progress label="Onboarding" percent={percent} />
          <p class="fine">You can leave this page: it continues, and this address shows it again.</p>
        </>
      ) : (
        <p>
          <Badge tone={status === 'Succeeded' ? 'good' : 'bad'}>
            {status === 'Succeeded' ? 'Done' : status}
          </Badge>
        </p>
      )}
      <p>
        {doneCount} of {tenantCount} done: {registeredCount} registered, {alreadyRegisteredCount} registered
        before, {refusedCount} refused.
      </p>
    </section>
  );
}

const statuses: Readonly<Record<Row['status'], { readonly tone: Tone; readonly text: string }>> = {
  NotStarted: { tone: 'neutral', text: 'Not started' },
  Registered: { tone: 'good', text: 'Registered' },
  AlreadyRegistered: { tone: 'good', text: 'Registered before' },
  ConsentRefused: { tone: 'warning', text: 'Registered without consent' },
  Refused: { tone: 'bad', text: 'Refused' },
};

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <Section title="Tenants">
      <ul class="rows">
        {rows.map(({ row, status, domain, displayName, tenantId, errorMessage }) => (
          <li key={row}>
            <div>
              {tenantId === undefined ? (
                <Text>{displayName ?? domain ?? `Row ${row}`}</Text>
              ) : (
                <a href={`/console/tenants/${tenantId}`}>
                  <Text>{displayName ?? domain ?? tenantId}</Text>
                </a>
              )}
              {errorMessage !== undefined && (
                <p>
                  <Text>{errorMessage}</Text>
                </p>
              )}
            </div>
            <Badge tone={statuses[status].tone}>{statuses[status].text}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Links are credentials, and each call makes new ones: only when they are wanted. */
function Links({ onboardingId }: { readonly onboardingId: string }) {
  const links = useAction({
    run: () =>
      answerOf(api.POST('/onboardings/{onboardingId}/consentLinks', { params: { path: { onboardingId } } })),
  });
  return (
    <Section title="Consent links">
      {links.error !== null && (
        <Failure error={toApiError(links.error)} what="The links could not be created" />
      )}
      {links.data === undefined ? (
        <>
          <p>
            A link for each tenant that has not consented. Each works once, for seven days; keep them private.
          </p>
          <div>
            <Button
              kind="primary"
              isBusy={links.isPending}
              onClick={() => {
                links.mutate();
              }}
            >
              Create the links
            </Button>
          </div>
        </>
      ) : (
        <LinkList links={links.data.value} />
      )}
    </Section>
  );
}

function LinkList({ links }: { readonly links: AnswerTo<'CreateOnboardingLinks'>['value'] }) {
  if (links.length === 0) return <Empty icon="check" title="All tenants have consented" />;
  const mails = links.map(({ mailSubject, mailText }) => `${mailSubject}\n\n${mailText}`).join('\n\n\n');
  return (
    <>
      <div class="actions">
        <Copy
          text={links.map(({ displayName, url }) => `${displayName}\t${url}`).join('\n')}
          what="All links"
        />
        <Copy text={mails} what="All mails" />
      </div>
      <ul class="rows">
        {links.map(({ tenantId, displayName, url, mailText, expiresDateTime }) => (
          <li key={tenantId}>
            <div>
              <Text>{displayName}</Text>
              <p class="fine">
                Until <Moment at={expiresDateTime} />
              </p>
            </div>
            <div class="actions">
              <Copy text={url} what={`Link for ${displayName}`} />
              <Copy text={mailText} what={`Mail for ${displayName}`} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
