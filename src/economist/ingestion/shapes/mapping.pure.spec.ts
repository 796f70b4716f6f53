import { describe, expect, it } from '@jest/globals';
import { mapped, mappingFaults } from './mapping.pure.js';

const sound = {
  BilledCost: { column: 'Betrag', format: '1.234,56' },
  BillingCurrency: { const: 'EUR' },
  ChargePeriodStart: { column: 'Tag', format: 'DD/MM/YYYY' },
  ServiceName: 'Dienst',
};

describe('a saved mapping', () => {
  it('of what every charge needs has no faults', () => {
    expect(mappingFaults(sound)).toEqual({});
  });

  it('is told each of its faults, with what to do', () => {
    const { BilledCost: _, ...without } = sound;
    expect(
      mappingFaults({
        ...without,
        ServiceNam: 'Dienst',
        ListCost: { column: 'Liste', format: 'euros' },
        ChargePeriodEnd: { column: 'Ende', format: 'week' },
        RegionName: { column: 'Ort', format: 'DD/MM/YYYY' },
      }),
    ).toEqual({
      BilledCost: expect.stringContaining('map it to a column'),
      ServiceNam: expect.stringContaining('no column of FOCUS'),
      ListCost: expect.stringContaining('1.234,56'),
      ChargePeriodEnd: expect.stringContaining('DD/MM/YYYY'),
      RegionName: expect.stringContaining('Only amounts and times'),
    });
  });

  it('is a shape of its columns', () => {
    expect(mapped(sound).columns).toEqual(sound);
  });
});
