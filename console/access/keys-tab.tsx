import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { api, doneOf } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { statusTones, type Key } from './key-texts.ts';
import { keysKey, useKeys } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

/** All client keys, also those that have ended. */
export function KeysTab() {
  const keys = useKeys();
  const [asked, setAsked] = useState<Key>();
  return (
    <Loaded query={keys} what="client keys">
      {({ value }) => (
        <>
          <DataTable
            label="Client keys"
            columns={columnsWith(setAsked)}
            rows={value}
            keyOf={({ id }) => id}
            rowHeight={52}
          />
          {asked !== undefined && (
            <Revoke
              victim={asked}
              onEnd={() => {
                setAsked(undefined);
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

interface RevokeProps {
  readonly victim: Key;
  readonly onEnd: () => void;
}

function Revoke({ victim: { id, name, etag }, onEnd }: RevokeProps) {
  const client = useQueryClient();
  const revoke = useAction({
    run: () =>
      doneOf(api.DELETE('/keys/{keyId}', { params: { path: { keyId: id } }, headers: { 'If-Match': etag } })),
    onSuccess: async () => {
      announce('The key was revoked');
      await client.invalidateQueries({ queryKey: keysKey });
      onEnd();
    },
  });
  return (
    <Confirm
      title="Revoke this key?"
      action="Revoke"
      isDanger
      isBusy={revoke.isPending}
      onConfirm={() => {
        revoke.mutate();
      }}
      onCancel={onEnd}
    >
      <p>
        <Text most={100}>{name}</Text> (<code>{id}</code>) stops working within a minute. This cannot be
        undone.
      </p>
      {revoke.error !== null && (
        <Failure error={toApiError(revoke.error)} what="The key could not be revoked" />
      )}
    </Confirm>
  );
}

const facts: readonly Column<Key>[] = [
  {
    id: 'name',
    title: 'Name',
    width: 'minmax(7rem, 1.5fr)',
    render: ({ id, name }) => (
      <span class="two-lines">
        <Text most={100}>{name}</Text>
        <span class="fine">{id}</span>
      </span>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    width: '6.5rem',
    render: ({ status }) => <Badge tone={statusTones[status]}>{status}</Badge>,
  },
  {
    id: 'tenants',
    title: 'Tenants',
    width: 'minmax(5rem, 1fr)',
    isExtra: true,
    render: ({ tenants }) => (
      <span>
        <Text most={80}>{tenants === '*' ? 'All' : tenants}</Text>
      </span>
    ),
  },
  {
    id: 'scopes',
    title: 'Scopes',
    width: 'minmax(6rem, 1.5fr)',
    isExtra: true,
    render: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
  },
  {
    id: 'expires',
    title: 'Expires',
    width: '13rem',
    isExtra: true,
    render: ({ expiresDateTime }) =>
      expiresDateTime === undefined ? 'Never' : <Moment at={expiresDateTime} />,
  },
  {
    id: 'used',
    title: 'Last used',
    width: '15rem',
    isExtra: true,
    render: ({ lastUsedDateTime }) =>
      lastUsedDateTime === undefined ? 'Never' : <Moment at={lastUsedDateTime} />,
  },
];

function columnsWith(onRevoke: (key: Key) => void): readonly Column<Key>[] {
  return [...facts, revokeColumn(onRevoke)];
}

function revokeColumn(onRevoke: (key: Key) => void): Column<Key> {
  return {
    id: 'revoke',
    title: 'Revoke',
    width: '5.5rem',
    render: (key, { tabIndex }) =>
      key.status === 'Live' && (
        <button
          class="link"
          type="button"
          tabIndex={tabIndex}
          aria-label={`Revoke ${key.name}`}
          onClick={() => {
            onRevoke(key);
          }}
        >
          Revoke
        </button>
      ),
  };
}
