/** One person under the names that records have. */
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { namesOf } from '../../../shared/records/member-kinds.ts';
import { addressIn, distinctNames, spellingsOf } from '../../../shared/records/person-names.ts';

const namesIn = (fields: object) =>
  namesOf(parseRecord(Buffer.from(JSON.stringify(fields))).summary, 'userId');

describe('the address in a name', () => {
  it.each([
    ['ada_fabrikam.example#EXT#@contoso.onmicrosoft.com', 'ada@fabrikam.example'],
    ['ada_b_fabrikam.example#ext#@contoso.example', 'ada_b@fabrikam.example'],
    ['urn:spo:guest#ada@fabrikam.example', 'ada@fabrikam.example'],
    ['live.com#ada@fabrikam.example', 'ada@fabrikam.example'],
    ['i:0#.f|membership|ada@fabrikam.example', 'ada@fabrikam.example'],
    ['i:0#.f|membership|ada_fabrikam.example#ext#@contoso.example', 'ada@fabrikam.example'],
    ['i:0h.f|membership|10033fff@live.com', '10033fff@live.com'],
    ['SMTP:Ada@fabrikam.example', 'Ada@fabrikam.example'],
  ])('of %s is %s', (name, address) => {
    expect(addressIn(name)).toBe(address);
  });

  it.each(['ada@fabrikam.example', 'NT AUTHORITY\\SYSTEM', '', 'Not Available', 'ada#EXT#'])(
    'of %j does not exist',
    (name) => {
      expect(addressIn(name)).toBeUndefined();
    },
  );
});

describe('the spellings of a name', () => {
  it('are those of the address in it, as a guest as well', () => {
    const [address, guest] = ['ada@fabrikam.example', 'urn:spo:guest#ada@fabrikam.example'];
    expect(spellingsOf(address)).toEqual([address, guest]);
    expect(spellingsOf(guest)).toEqual([guest, address]);
    const external = 'ada_fabrikam.example#EXT#@contoso.example';
    expect(spellingsOf(external)).toEqual([external, address, guest]);
  });

  it('of other names are themselves', () => {
    expect(spellingsOf('NT AUTHORITY\\SYSTEM')).toEqual(['NT AUTHORITY\\SYSTEM']);
    expect(distinctNames(['Ada', undefined, ' ', 'ada ', 'Bo'])).toEqual(['Ada', 'Bo']);
  });
});

describe('who did it', () => {
  it.each<[object, readonly string[]]>([
    [{ UserId: 'ada@contoso.example', UserKey: '10033fff', Actor: [{ ID: 'x' }] }, ['ada@contoso.example']],
    [{ UserId: 'Not Available', UserKey: 'Id-1' }, ['Not Available', 'Id-1']],
    [{ UserKey: 'id-1' }, ['id-1']],
    [
      { UserId: 'urn:spo:guest#ada@fabrikam.example' },
      ['urn:spo:guest#ada@fabrikam.example', 'ada@fabrikam.example'],
    ],
    [
      { UserId: 'id-1', UserKey: 'ID-1', Actor: [{ ID: 'User', Type: 2 }, { ID: '1003' }, null, { ID: 7 }] },
      ['id-1', '1003'],
    ],
    [{ UserId: 'SYSTEM', UserKey: 'Not Available', Actor: 'x' }, ['SYSTEM']],
  ])('of %j is found by %j', (fields, names) => {
    expect(namesIn(fields)).toEqual(names);
  });

  it('has few names, however many are delivered', () => {
    const Actor = Array.from({ length: 1000 }, (_, at) => ({ ID: `id-${at}` }));
    expect(namesIn({ UserId: 'x', Actor })).toHaveLength(11);
    expect(namesIn({ UserId: 'x', UserKey: 'k'.repeat(100_000) })).toEqual(['x']);
  });
});
