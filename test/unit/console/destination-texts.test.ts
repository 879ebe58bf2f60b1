/** What the console says about destinations. */
import { expect, it } from 'vitest';
import { kindText } from '../../../console/delivery/destination-texts.ts';
import { kindNames } from '../../../shared/destinations/kinds/kinds.ts';

it.each(kindNames)('the kind %s has a name for people', (kind) => {
  expect(kindText(kind)).not.toBe(kind);
});

it('kinds of a later release are shown by their names', () => {
  expect(kindText('later')).toBe('later');
});
