/** Webhook subscriptions and saved searches: those of one tenant, and those of several. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api, doneOf } from '../api/client.ts';
import type { Paths } from '../api/paths.ts';

/** The owner of what is about several tenants; all others are the IDs of tenants. */
export const several = 'several';

export const deliveryKey = ['delivery'] as const;

const at = (tenantId: string) => ({ path: { tenantId } });

export function useSubscriptions(owner: string) {
  return useQuery({
    queryKey: [...deliveryKey, owner, 'subscriptions'],
    queryFn: () =>
      owner === several
        ? answerOf(api.GET('/subscriptions'))
        : answerOf(api.GET('/tenants/{tenantId}/subscriptions', { params: at(owner) })),
  });
}

export function useSearches(owner: string) {
  return useQuery({
    queryKey: [...deliveryKey, owner, 'searches'],
    queryFn: () =>
      owner === several
        ? answerOf(api.GET('/searches'))
        : answerOf(api.GET('/tenants/{tenantId}/searches', { params: at(owner) })),
  });
}

export function deleteSearch(owner: string, name: string) {
  return owner === several
    ? doneOf(api.DELETE('/searches/{name}', { params: { path: { name } } }))
    : doneOf(
        api.DELETE('/tenants/{tenantId}/searches/{name}', { params: { path: { tenantId: owner, name } } }),
      );
}

type Body = Paths['/subscriptions']['post']['requestBody']['content']['application/json'];

/** @param body the set of tenants in it is only for those of several */
export function createSubscription(owner: string, { tenants, ...body }: Body) {
  return owner === several
    ? answerOf(
        api.POST('/subscriptions', { body: { ...body, ...(tenants === undefined ? {} : { tenants }) } }),
      )
    : answerOf(api.POST('/tenants/{tenantId}/subscriptions', { params: at(owner), body }));
}

export function testSubscription(owner: string, subscriptionId: string) {
  return owner === several
    ? answerOf(api.POST('/subscriptions/{subscriptionId}/test', { params: { path: { subscriptionId } } }))
    : answerOf(
        api.POST('/tenants/{tenantId}/subscriptions/{subscriptionId}/test', {
          params: { path: { tenantId: owner, subscriptionId } },
        }),
      );
}

export function rotateSecret(owner: string, subscriptionId: string) {
  return owner === several
    ? answerOf(
        api.POST('/subscriptions/{subscriptionId}/rotateSecret', { params: { path: { subscriptionId } } }),
      )
    : answerOf(
        api.POST('/tenants/{tenantId}/subscriptions/{subscriptionId}/rotateSecret', {
          params: { path: { tenantId: owner, subscriptionId } },
        }),
      );
}

export function deleteSubscription(owner: string, subscriptionId: string) {
  return owner === several
    ? doneOf(api.DELETE('/subscriptions/{subscriptionId}', { params: { path: { subscriptionId } } }))
    : doneOf(
        api.DELETE('/tenants/{tenantId}/subscriptions/{subscriptionId}', {
          params: { path: { tenantId: owner, subscriptionId } },
        }),
      );
}
