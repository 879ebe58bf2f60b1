import { describe, expect, it } from 'vitest';
import { refuseParameters } from '../../../shared/description/query-parameters.ts';

describe('a parameter that an address does not have', () => {
  it('is refused by name where there are none', () => {
    const ask = (): void => {
      refuseParameters('GET', 'tenants/{tenantId}/posture', ['api-version', 'form']);
    };
    expect(ask).toThrow('form: this address takes no such parameter.');
  });

  it('is refused by name where there is none but the token of a Location', () => {
    const route = 'tenants/{tenantId}/exports/{exportId}/result';
    const ask = (given: readonly string[]) => (): void => {
      refuseParameters('GET', route, given);
    };
    expect(ask(['t', 'api-version'])).not.toThrow();
    expect(ask(['t', 'form'])).toThrow('form: this address takes no such parameter.');
  });

  it('is refused also where the name is that of a token, which opens nothing there', () => {
    const ask = (): void => {
      refuseParameters('GET', 'tenants/{tenantId}/posture', ['t']);
    };
    expect(ask).toThrow('t: this address takes no such parameter.');
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
