import { describe, expect, it } from '@jest/globals';
import { Headings } from './headings.pure.js';

describe('a column', () => {
  it.each([
    'BilledCost',
    'billedCost',
    'billed_cost',
    'Billed Cost',
    'BILLEDCOST',
    'Coste facturado [BilledCost]',
    'Coste facturado (BilledCost)',
    '計費成本 (BilledCost) ',
  ])('is found under the heading %j', (heading) => {
    expect(new Headings(['x', heading]).find(['BilledCost'])).toBe(1);
  });

  it('of its very name goes before one that is spelt in another way', () => {
    expect(new Headings(['billed_cost', 'BilledCost']).find(['BilledCost'])).toBe(1);
  });

  it('is the first of those that are alike', () => {
    expect(new Headings(['Cost', 'Cost']).find(['Cost'])).toBe(0);
  });

  it('may have other names', () => {
    expect(new Headings(['a', 'Cost']).find(['CostInBillingCurrency', 'Cost'])).toBe(1);
  });

  it('of an own name is not taken for one of FOCUS', () => {
    expect(new Headings(['x_BilledCost', 'MyBilledCost']).find(['BilledCost'])).toBeNull();
  });
});
