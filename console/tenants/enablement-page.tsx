import { useQueryClient } from '@tanstack/preact-query';
import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Progress } from '../parts/progress.tsx';
import { Failure } from '../parts/states.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { changesIn, statusTexts } from './enablement-texts.ts';
import { isRunning, tenantsKey, useEnablement, useTenant } from './queries.ts';
import { Steps } from './steps.tsx';
import { useAction } from '../parts/use-action.ts';

type Enablement = AnswerTo<'GetEnablement'>;

/** An enablement, or a preview of one: it runs whether this page is open or not, and is always found at this address. */
export function EnablementPage() {
  const { tenantId = '', enablementId = '' } = useRoute().params;
  const tenant = useTenant(tenantId);
  const enablement = useEnablement(tenantId, enablementId);
  const name = tenant.data?.displayName ?? 'Tenant';
  const title = enablement.data?.dryRun === true ? 'Preview of the changes' : 'Turning auditing on';
  return (
    <Page
      title={title}
      above={[
        { href: '/console/tenants', text: 'Tenants' },
        { href: `/console/tenants/${tenantId}?tab=auditing`, text: name },
      ]}
    >
      <Loaded query={enablement} what="enablement">
        {(one) => <Shown enablement={one} name={name} />}
      </Loaded>
    </Page>
  );
}

interface ShownProps {
  readonly enablement: Enablement;
  readonly name: string;
}

function Shown({ enablement, name }: ShownProps) {
  const { tenantId, id, status, dryRun, percentComplete, steps, createdDateTime } = enablement;
  const { tone, text } = statusTexts(enablement);
  const client = useQueryClient();
  const cancelRefusal = useRefusalIn(tenantId, 'CancelEnablement');
  useEffect(() => {
    announce(text);
    // What it changed is in other answers as well.
    if (!isRunning(status)) void client.invalidateQueries({ queryKey: [...tenantsKey, 'posture'] });
  }, [text, status]);
  return (
    <>
      <section class="card section" aria-label="Status">
        <div class="page-head">
          <p>
            <Badge tone={tone}>{text}</Badge>
          </p>
          <span class="fine">
            Started <Moment at={createdDateTime} />
          </span>
        </div>
        {isRunning(status) && (
          <>
            <Progress label={dryRun ? 'Preview' : 'Turning auditing on'} percent={percentComplete} />
            <p class="fine">
              You can leave this page: it continues, and this address shows it again. Changes of Microsoft may
              take up to an hour.
            </p>
            <Cancel
              refusal={cancelRefusal}
              shownBy={[...tenantsKey, tenantId, 'enablements', id]}
              cancel={() =>
                answerOf(
                  api.POST('/tenants/{tenantId}/enablements/{enablementId}/cancel', {
                    params: { path: { tenantId, enablementId: id } },
                  }),
                )
              }
            />
          </>
        )}
        {dryRun && status === 'Succeeded' && <Apply enablement={enablement} name={name} />}
      </section>
      <Steps steps={steps} isPreview={dryRun} />
    </>
  );
}

/** From a preview to the real thing, with the number of changes to confirm. */
function Apply({ enablement: { tenantId, steps }, name }: ShownProps) {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  const count = changesIn(steps);
  const refusal = useRefusalIn(tenantId, 'StartEnablement');
  const apply = useAction({
    run: () =>
      answerOf(
        api.POST('/tenants/{tenantId}/enablements', {
          params: { path: { tenantId } },
          body: { dryRun: false },
        }),
      ),
    onSuccess: ({ id }) => {
      route(`/console/tenants/${tenantId}/enablements/${id}`);
    },
    onSettled: () => {
      setAsking(false);
    },
  });
  if (count === 0) return <Message tone="good" title="Nothing has to change: auditing is on as wanted." />;
  return (
    <>
      {apply.error !== null && <Failure error={toApiError(apply.error)} what="It could not be started" />}
      <p>
        <strong>{count === 1 ? '1 change' : `${count} changes`}</strong> would be made. Nothing has changed so
        far.
      </p>
      <div>
        <Button
          kind="primary"
          refusal={refusal}
          onClick={() => {
            setAsking(true);
          }}
        >
          Turn auditing on
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title="Turn auditing on?"
          action="Turn auditing on"
          isBusy={apply.isPending}
          onConfirm={() => {
            apply.mutate();
          }}
          onCancel={() => {
            setAsking(false);
          }}
        >
          <p>
            {count === 1 ? '1 change is' : `${count} changes are`} made in <bdi>{name}</bdi>. Each setting is
            read again before it is changed, and nothing is made worse.
          </p>
        </Confirm>
      )}
    </>
  );
}
