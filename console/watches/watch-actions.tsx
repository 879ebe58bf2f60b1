import { useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Failure } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { announce } from '../shell/announcer.tsx';
import { deleteWatch, enableWatch, watchesKey } from './queries.ts';
import type { Watch } from './watch-texts.ts';

/** Pauses, resumes, and deletes a watch, and leads to its findings. */
export function WatchActions({ watch }: { readonly watch: Watch }) {
  const { id, displayName, enabled } = watch;
  const [isAsking, setAsking] = useState(false);
  const { pause, remove } = useChanges(watch, () => {
    setAsking(false);
  });
  const error = pause.error ?? remove.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="It was refused" />}
      <div class="actions">
        <a class="button" href={`/console/findings?watch=${id}`}>
          Its findings
        </a>
        <Button isBusy={pause.isPending} onClick={pause.mutate}>
          {enabled ? 'Pause' : 'Resume'}
        </Button>
        <Button
          onClick={() => {
            setAsking(true);
          }}
        >
          Delete
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={`Delete ${displayName}?`}
          action="Delete"
          isDanger
          isBusy={remove.isPending}
          onConfirm={remove.mutate}
          onCancel={() => {
            setAsking(false);
          }}
        >
          <p>Its rules are not applied anymore, and what it passes over is forgotten. Its findings stay.</p>
        </Confirm>
      )}
    </>
  );
}

/** @param onSettled it was deleted, or that failed */
function useChanges({ id, enabled }: Watch, onSettled: () => void) {
  const client = useQueryClient();
  const { route } = useLocation();
  const pause = useAction({
    run: () => enableWatch(id, !enabled),
    onSuccess: async () => {
      announce(enabled ? 'The watch was paused' : 'The watch was resumed');
      await client.invalidateQueries({ queryKey: watchesKey });
    },
  });
  const remove = useAction({
    run: () => deleteWatch(id),
    onSuccess: () => {
      announce('The watch was deleted');
      route('/console/watches');
      client.removeQueries({ queryKey: [...watchesKey, id] });
      return client.invalidateQueries({ queryKey: watchesKey, exact: true });
    },
    onSettled,
  });
  return { pause, remove };
}
