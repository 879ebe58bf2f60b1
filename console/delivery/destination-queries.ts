/** Destinations: where records are sent on to. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api, doneOf } from '../api/client.ts';

export const destinationsKey = ['destinations'] as const;

const at = (destinationId: string) => ({ params: { path: { destinationId } } });

export function useDestinations() {
  return useQuery({ queryKey: destinationsKey, queryFn: () => answerOf(api.GET('/destinations')) });
}

export function useDestination(destinationId: string) {
  return useQuery({
    queryKey: [...destinationsKey, destinationId],
    queryFn: () => answerOf(api.GET('/destinations/{destinationId}', at(destinationId))),
  });
}

export function useProgress(destinationId: string) {
  return useQuery({
    queryKey: [...destinationsKey, destinationId, 'tenants'],
    queryFn: () => answerOf(api.GET('/destinations/{destinationId}/tenants', at(destinationId))),
  });
}

export function useDeadLetters(destinationId: string) {
  return useQuery({
    queryKey: [...destinationsKey, destinationId, 'deadLetters'],
    queryFn: () => answerOf(api.GET('/destinations/{destinationId}/deadLetters', at(destinationId))),
  });
}

export function testDestination(destinationId: string) {
  return answerOf(api.POST('/destinations/{destinationId}/test', at(destinationId)));
}

export function pauseDestination(destinationId: string, paused: boolean) {
  return answerOf(api.PATCH('/destinations/{destinationId}', { ...at(destinationId), body: { paused } }));
}

export function replayDeadLetters(destinationId: string) {
  return doneOf(api.POST('/destinations/{destinationId}/deadLetters/replay', at(destinationId)));
}

export function discardDeadLetters(destinationId: string) {
  return doneOf(api.DELETE('/destinations/{destinationId}/deadLetters', at(destinationId)));
}
