import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Fact } from '../tenants/overview-tab.tsx';
import {
  deleteSubscription,
  deliveryKey,
  rotateSecret,
  several,
  testSubscription,
  useSubscriptions,
} from './queries.ts';
import { recordsText, stateOf, type Subscription } from './subscription-texts.ts';
import { useAction } from '../parts/use-action.ts';

interface Owned {
  readonly owner: string;
  readonly subscription: Subscription;
}

/** Webhook subscriptions with their state, and what can be done with each. */
export function SubscriptionsTab({ owner }: { readonly owner: string }) {
  const subscriptions = useSubscriptions(owner);
  return (
    <Loaded query={subscriptions} what="webhook subscriptions">
      {({ value }) =>
        value.length === 0 ? (
          <Empty icon="alert" title="There are no webhook subscriptions">
            <p>A subscription sends new records to an address as they arrive, signed.</p>
          </Empty>
        ) : (
          value.map((subscription) => (
            <Card key={`${owner} ${subscription.id}`} owner={owner} subscription={subscription} />
          ))
        )
      }
    </Loaded>
  );
}

function Card({ owner, subscription }: Owned) {
  const { targetHost, content, search, tenants, lastError, lastDeliveryDateTime } = subscription;
  const { tone, text, cure } = stateOf(subscription);
  return (
    <Section
      title={<Text most={80}>{targetHost ?? 'Unknown address'}</Text>}
      side={<Badge tone={tone}>{text}</Badge>}
    >
      {cure !== undefined && <Message tone="bad" title={cure} />}
      {lastError !== undefined && (
        <p>
          Last error: <Text>{lastError}</Text>
        </p>
      )}
      <dl class="facts">
        <Fact name="Records">
          <Text>{recordsText(subscription)}</Text>
        </Fact>
        {owner === several && (
          <Fact name="Tenants">
            <Text>{tenantsText(tenants, search)}</Text>
          </Fact>
        )}
        <Fact name="Content">{content === 'ids' ? 'IDs and addresses' : 'Whole records'}</Fact>
        <Fact name="Last delivery">
          {lastDeliveryDateTime === undefined ? 'None yet' : <Moment at={lastDeliveryDateTime} />}
        </Fact>
        {subscription.nextAttemptDateTime !== undefined && (
          <Fact name={`Retried after ${subscription.failures} failures`}>
            <Moment at={subscription.nextAttemptDateTime} />
          </Fact>
        )}
        <Fact name="Created">
          <Moment at={subscription.createdDateTime} /> by <Text most={80}>{subscription.createdBy}</Text>
        </Fact>
      </dl>
      <Actions owner={owner} subscription={subscription} />
    </Section>
  );
}

function tenantsText(tenants: string | undefined, search: string | undefined): string {
  if (search !== undefined) return 'Those of the search';
  return tenants === '*' || tenants === undefined ? 'All' : tenants;
}

function Actions({ owner, subscription: { id } }: Owned) {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: [...deliveryKey, owner] });
  const [asked, setAsked] = useState<Change>();
  const onSettled = async () => {
    setAsked(undefined);
    await renew();
  };
  const test = useAction({ run: () => testSubscription(owner, id), onSettled: renew });
  const rotate = useAction({ run: () => rotateSecret(owner, id), onSettled });
  const remove = useAction({ run: () => deleteSubscription(owner, id), onSettled });
  const error = test.error ?? rotate.error ?? remove.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      {test.data !== undefined && <Tested {...test.data} />}
      {rotate.data !== undefined && (
        <ShownOnce what="Secret" secret={rotate.data.secret}>
          <p>The previous secret also signs for one more day.</p>
        </ShownOnce>
      )}
      <div class="actions">
        <Button
          isBusy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          {test.isPending ? 'Testing…' : 'Test'}
        </Button>
        {changes.map((change) => (
          <Button
            key={change}
            onClick={() => {
              setAsked(change);
            }}
          >
            {changeTexts[change].button}
          </Button>
        ))}
      </div>
      {asked !== undefined && (
        <ConfirmChange
          change={asked}
          isBusy={rotate.isPending || remove.isPending}
          onConfirm={() => {
            (asked === 'delete' ? remove : rotate).mutate();
          }}
          onCancel={() => {
            setAsked(undefined);
          }}
        />
      )}
    </>
  );
}

const changes = ['rotate', 'delete'] as const;
type Change = (typeof changes)[number];

const changeTexts = {
  rotate: {
    button: 'Rotate the secret',
    title: 'Rotate the secret?',
    action: 'Rotate',
    about: 'The receiver needs the new secret within a day: until then, both sign.',
  },
  delete: {
    button: 'Delete',
    title: 'Delete this subscription?',
    action: 'Delete',
    about: 'Deliveries end. Records that arrive from now on are not sent.',
  },
} as const satisfies Readonly<Record<Change, object>>;

interface ConfirmChangeProps {
  readonly change: Change;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** What cannot be undone is confirmed. */
function ConfirmChange({ change, ...rest }: ConfirmChangeProps) {
  const { title, action, about } = changeTexts[change];
  return (
    <Confirm {...{ title, action }} isDanger={change === 'delete'} {...rest}>
      <p>{about}</p>
    </Confirm>
  );
}

function Tested({ delivered, result }: { readonly delivered: boolean; readonly result: string }) {
  return (
    <Message
      tone={delivered ? 'good' : 'bad'}
      title={delivered ? 'The test was delivered' : 'The test was not delivered'}
    >
      <p>
        <Text>{result}</Text>
      </p>
    </Message>
  );
}
