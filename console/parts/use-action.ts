import { useMutation } from '@tanstack/preact-query';

interface Action<Data> {
  readonly run: () => Promise<Data>;
  readonly onSuccess?: (data: Data) => unknown;
  /** After success and after failure. */
  readonly onSettled?: () => unknown;
}

/**
 * Something that a button or a form does, such as a call. `mutate` runs what the page shows at that moment: a mutation of the
 * library runs the function of the last time that its effects ran, which may be before the last key was pressed.
 */
export function useAction<Data>({ run, ...then }: Action<Data>) {
  const mutation = useMutation({ mutationFn: (now: () => Promise<Data>) => now(), ...then });
  return {
    ...mutation,
    mutate: () => {
      mutation.mutate(run);
    },
  };
}
