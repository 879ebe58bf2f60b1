import { useQueryClient } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import type { Tone } from '../parts/tone.ts';
import { Button } from '../parts/button.tsx';
import { Copy } from '../parts/copy.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Failure } from '../parts/states.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { tenantsKey } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

export type Tenant = AnswerTo<'GetTenant'>;

/** What the tenant granted, what its registration says, and how to get consent. */
export function OverviewTab({ tenant }: { readonly tenant: Tenant }) {
  return (
    <>
      {tenant.state === 'PendingConsent' && <Consent tenantId={tenant.tenantId} />}
      {tenant.legalHold !== undefined && (
        <Message tone="info" title="Under legal hold: nothing of it is deleted">
          <p>
            <Text>{tenant.legalHold.reason}</Text>
          </p>
        </Message>
      )}
      <Checks tenant={tenant} />
      <Facts tenant={tenant} />
    </>
  );
}

/** A link is a credential, so it is made when it is needed, and not before. */
function Consent({ tenantId }: { readonly tenantId: string }) {
  const refusal = useRefusalIn(tenantId, 'CreateConsentLink');
  const link = useAction({
    run: () => answerOf(api.POST('/tenants/{tenantId}/consentLinks', { params: { path: { tenantId } } })),
  });
  return (
    <Section title="Consent is missing">
      <p>
        An administrator of the customer opens a link and accepts. Collection begins at once, with the last
        seven days.
      </p>
      {link.error !== null && <Failure error={toApiError(link.error)} what="The link could not be created" />}
      {link.data === undefined ? (
        <div>
          <Button
            kind="primary"
            isBusy={link.isPending}
            refusal={refusal}
            onClick={() => {
              link.mutate();
            }}
          >
            Create a consent link
          </Button>
        </div>
      ) : (
        <ConsentLink url={link.data.url} expires={link.data.expiresDateTime} />
      )}
    </Section>
  );
}

/** A link to send. */
export function ConsentLink({
  url,
  expires,
}: {
  readonly url: string;
  readonly expires: string | undefined;
}) {
  return (
    <div class="stack">
      <p class="code">{url}</p>
      <div class="actions">
        <Copy text={url} what="Consent link" />
      </div>
      <p class="fine">
        It works once
        {expires !== undefined && (
          <>
            , until <Moment at={expires} />
          </>
        )}
        . Send it to the customer's administrator only.
      </p>
    </div>
  );
}

const tones: Readonly<Record<string, Tone>> = { Passed: 'good', Failed: 'bad', NotChecked: 'neutral' };
const texts: Readonly<Record<string, string>> = {
  Passed: 'Passed',
  Failed: 'Failed',
  NotChecked: 'Not checked',
};

function Checks({ tenant: { tenantId, checks } }: { readonly tenant: Tenant }) {
  const client = useQueryClient();
  const refusal = useRefusalIn(tenantId, 'CheckTenant');
  const check = useAction({
    run: () => answerOf(api.POST('/tenants/{tenantId}/checks', { params: { path: { tenantId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tenantsKey });
      announce('Checked');
    },
  });
  return (
    <Section
      title={<>Checks</>}
      side={
        <>
          <Button
            isBusy={check.isPending}
            refusal={refusal}
            onClick={() => {
              check.mutate();
            }}
          >
            {check.isPending ? 'Checking…' : 'Check now'}
          </Button>
        </>
      }
    >
      {check.error !== null && (
        <Failure error={toApiError(check.error)} what="The tenant could not be checked" />
      )}
      <ul class="rows">
        {checks.map(({ name, state, cure, message, checkedDateTime }) => (
          <li key={name}>
            <div>
              <strong>{name}</strong>
              {message !== undefined && (
                <p>
                  <Text>{message}</Text>
                </p>
              )}
              {cure !== undefined && <p>{cure}</p>}
            </div>
            <Badge tone={tones[state] ?? 'neutral'}>{texts[state] ?? state}</Badge>
            <span class="fine">
              <Moment at={checkedDateTime} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ tenant }: { readonly tenant: Tenant }) {
  const { domains = [], tags, contentTypes, repairDrift, createdDateTime, cloud } = tenant;
  return (
    <Section title="Registration">
      <dl class="facts">
        <Fact name="Domains">
          {domains.length === 0 ? 'Not read yet' : <Text>{domains.join(', ')}</Text>}
        </Fact>
        <Fact name="Tags">{tags.length === 0 ? 'None' : tags.join(', ')}</Fact>
        <Fact name="Collects">{contentTypes.join(', ')}</Fact>
        <Fact name="Cloud">{cloud}</Fact>
        <Fact name="Turns auditing on again automatically">{repairDrift ? 'Yes' : 'No'}</Fact>
        <Fact name="Registered">
          <Moment at={createdDateTime} />
        </Fact>
      </dl>
    </Section>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: preact.ComponentChildren;
}

export function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
