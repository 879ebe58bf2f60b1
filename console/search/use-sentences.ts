import { useQuery } from '@tanstack/preact-query';

/** What describes records in plain words; loaded when the first record is opened. */
export function useSentences() {
  return useQuery({
    queryKey: ['sentences'],
    queryFn: async () => (await import('../../shared/sentences/describe.ts')).describe,
    staleTime: Infinity,
  }).data;
}
