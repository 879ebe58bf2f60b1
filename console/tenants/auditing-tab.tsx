import { useLocation } from 'preact-iso';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Failure } from '../parts/states.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { Fact, type Tenant } from './overview-tab.tsx';
import { usePostures } from './queries.ts';
import { auditingOf, auditingTexts } from './tenant-row.ts';
import { useAction } from '../parts/use-action.ts';

type Posture = AnswerTo<'GetPosture'>['value'][number];

/** How auditing is set in a tenant, day by day, and how to turn it on. */
export function AuditingTab({ tenant }: { readonly tenant: Tenant }) {
  const postures = usePostures(tenant.tenantId);
  return (
    <>
      <TurnOn tenantId={tenant.tenantId} />
      <Loaded query={postures} what="checks of auditing">
        {({ value: [newest, ...earlier] }) =>
          newest === undefined ? (
            <Message tone="info" title="Auditing was not checked yet">
              <p>It is checked every day once the tenant is active. A preview shows the same at once.</p>
            </Message>
          ) : (
            <>
              <Newest posture={newest} />
              {earlier.length > 0 && <Earlier postures={earlier} />}
            </>
          )
        }
      </Loaded>
    </>
  );
}

/** Always begins with a dry run: what would change is shown before anything does. */
function TurnOn({ tenantId }: { readonly tenantId: string }) {
  const { route } = useLocation();
  const refusal = useRefusalIn(tenantId, 'StartEnablement');
  const preview = useAction({
    run: () =>
      answerOf(
        api.POST('/tenants/{tenantId}/enablements', {
          params: { path: { tenantId } },
          body: { dryRun: true },
        }),
      ),
    onSuccess: ({ id }) => {
      route(`/console/tenants/${tenantId}/enablements/${id}`);
    },
  });
  return (
    <Section title="Turn auditing on">
      <p>
        A preview reads every setting of the organization, its mailboxes, and the feed, and lists what would
        change. Nothing changes until you confirm it.
      </p>
      {preview.error !== null && (
        <Failure error={toApiError(preview.error)} what="The preview could not be started" />
      )}
      <div>
        <Button
          kind="primary"
          isBusy={preview.isPending}
          refusal={refusal}
          onClick={() => {
            preview.mutate();
          }}
        >
          {preview.isPending ? 'Starting…' : 'Preview the changes'}
        </Button>
      </div>
    </Section>
  );
}

function Newest({ posture }: { readonly posture: Posture }) {
  const { tone, text } = auditingTexts[auditingOf(posture)];
  const { mailboxes, problems, drift } = posture;
  return (
    <Section
      title={
        <>
          Newest check <Badge tone={tone}>{text}</Badge>
        </>
      }
      side={
        <>
          <Moment at={posture.checkedDateTime} />
        </>
      }
    >
      {drift.length > 0 && (
        <Message tone="warning" title="This got worse since the check before">
          <Points texts={drift} />
        </Message>
      )}
      {problems.length === 0 ? <p>Everything is as wanted.</p> : <Points texts={problems} />}
      <dl class="facts">
        <Fact name="Unified audit log">{posture.unifiedAuditLog ? 'On' : 'Off'}</Fact>
        <Fact name="Mailbox auditing">{posture.mailboxAuditingDisabled ? 'Off' : 'On'}</Fact>
        <Fact name="Mailboxes as wanted">
          {mailboxes.asWanted} of {mailboxes.total}
        </Fact>
        <Fact name="Not known">{mailboxes.unknown ?? 0}</Fact>
      </dl>
    </Section>
  );
}

function Points({ texts }: { readonly texts: readonly string[] }) {
  return (
    <ul class="points">
      {texts.map((text) => (
        <li key={text}>
          <Text>{text}</Text>
        </li>
      ))}
    </ul>
  );
}

function Earlier({ postures }: { readonly postures: readonly Posture[] }) {
  return (
    <Section title="Earlier checks">
      <ul class="rows">
        {postures.map((posture) => {
          const { tone, text } = auditingTexts[auditingOf(posture)];
          return (
            <li key={posture.checkedDateTime}>
              <span>
                {posture.problems.length === 0 ? 'As wanted' : `${posture.problems.length} problems`}
              </span>
              <Badge tone={tone}>{text}</Badge>
              <Moment at={posture.checkedDateTime} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
