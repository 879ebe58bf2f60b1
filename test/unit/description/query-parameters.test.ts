import { describe, expect, it } from 'vitest';
import { refuseParameters } from '../../../shared/description/query-parameters.ts';

describe('a parameter that an address does not have', () => {
  it('is refused by name where there are none', () => {
    const ask = (): void => {
      refuseParameters('GET', 'tenants/{tenantId}/posture', ['api-version', 'form']);
    };
    expect(ask).toThrow('form: this address takes no such parameter.');
  });

  it.each([
    ['GET', 'tenants/{tenantId}/posture', ['api-version']],
    ['GET', 'tenants/{tenantId}/records', ['form']],
    ['GET', 'nowhere', ['form']],
  ] as const)('is left to the reader of %s %s', (method, route, given) => {
    expect(() => {
      refuseParameters(method, route, given);
    }).not.toThrow();
  });
});
