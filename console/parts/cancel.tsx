import { useQueryClient, type QueryKey } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Failure } from './states.tsx';
import { useAction } from './use-action.ts';

interface CancelProps {
  readonly cancel: () => Promise<unknown>;
  /** What is read again then. */
  readonly shownBy: QueryKey;
  /** Why its user may not. */
  readonly refusal?: string | undefined;
}

/** Cancels a long-running operation. */
export function Cancel({ cancel, shownBy, refusal }: CancelProps) {
  const client = useQueryClient();
  const canceling = useAction({
    run: cancel,
    onSuccess: () => client.invalidateQueries({ queryKey: shownBy }),
  });
  return (
    <>
      {canceling.error !== null && (
        <Failure error={toApiError(canceling.error)} what="It could not be canceled" />
      )}
      <div>
        <Button
          isBusy={canceling.isPending}
          refusal={refusal}
          onClick={() => {
            canceling.mutate();
          }}
        >
          Cancel
        </Button>
      </div>
    </>
  );
}
