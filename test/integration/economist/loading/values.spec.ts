import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { LoadingFixture } from './loading-fixture.js';

const HEADING = 'BillingAccountId,BillingCurrency,BilledCost,ChargePeriodStart';
const row = (cost: string, more = ''): string => `acme,USD,${cost},2026-03-02T10:00:00Z${more}\n`;

describe('what a file says', () => {
  let loading: LoadingFixture;
  beforeAll(async () => (loading = await LoadingFixture.start()));
  afterAll(() => loading.stop());

  it('is stored digit by digit, whatever the length and the form of an amount', async () => {
    const amounts = [
      '0',
      '-0',
      '0.00',
      '1',
      '-1',
      '10',
      '9999',
      '10000',
      '-10000.0001',
      '0.1',
      '0.0001',
      '0.00001',
      '123456789012345.67',
      '0.000000000000012345',
      '.5',
      '5.',
      '+7',
      '2.5E-07',
      '1.234567890123456789012345678901e12',
      '00012.50',
      '1234567890123456789012345678901234567890.123456789012345678901234567890123456789012345678901234567890',
    ];
    const loaded = await loading.loadCsv(
      `${HEADING},x_n\n${amounts.map((amount, n) => row(amount, `,${n}`)).join('')}`,
    );
    expect(loaded).toMatchObject({ accepted: amounts.length, rejected: 0 });
    const same = await loading.query<{ n: string; same: boolean; text: string }>(
      `SELECT extras->>'x_n' AS n, billed_cost = given::numeric AS same, billed_cost::text AS text
       FROM ${loaded.table} JOIN unnest($1::text[]) WITH ORDINALITY AS g (given, place) ON place = (extras->>'x_n')::int + 1`,
      [amounts],
    );
    expect(same.filter((one) => !one.same)).toEqual([]);
    expect(same).toHaveLength(amounts.length);
    // Decimals that the file writes are kept too, zeros among them.
    expect(same.find(({ n }) => n === '2')?.text).toBe('0.00');
  });

  it('is the same for random amounts of up to 60 digits', async () => {
    let seed = 20_260_301;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const digits = (count: number): string => Array.from({ length: count }, () => random(10)).join('');
    const amounts = Array.from(
      { length: 500 },
      () => `${random(2) === 0 ? '-' : ''}${digits(1 + random(30))}.${digits(1 + random(30))}`,
    );
    const loaded = await loading.loadCsv(`${HEADING}\n${amounts.map((amount) => row(amount)).join('')}`);
    const [sums] = await loading.query<{ same: boolean }>(
      `SELECT (SELECT sum(billed_cost) FROM ${loaded.table}) = (SELECT sum(a::numeric) FROM unnest($1::text[]) AS a) AS same`,
      [amounts],
    );
    expect(sums?.same).toBe(true);
  });

  it('keeps instants to the microsecond, before and after 2000', async () => {
    const starts = ['1999-12-31T23:59:59.000001Z', '2026-03-01T00:00:00.123456Z', '2099-12-31T23:59:59.999999Z'];
    const loaded = await loading.loadCsv(
      `${HEADING}\n${starts.map((start, cost) => `a,USD,${cost},${start}\n`).join('')}`,
    );
    expect(await loading.values(loaded, `charge_period_start AT TIME ZONE 'UTC'`)).toEqual(
      starts.map((start) => start.replace('T', ' ').replace('Z', '')),
    );
  });

  it('belongs to the calendar month where it names no billing period, and else to the one that it names', async () => {
    const loaded = await loading.loadCsv(
      `${HEADING},BillingPeriodStart\n${row('1', ',')}${row('2', ',2026-02-01T00:00:00Z')}`,
    );
    expect(await loading.values(loaded, 'billing_month')).toEqual(['2026-03-01', '2026-02-01']);
    expect(await loading.values(loaded, `billing_period_start AT TIME ZONE 'UTC'`)).toEqual([
      '2026-03-01 00:00:00',
      '2026-02-01 00:00:00',
    ]);
    expect(loaded.slices.map(({ billingMonth, rows }) => [billingMonth, rows])).toEqual([
      ['2026-03', 1],
      ['2026-02', 1],
    ]);
  });

  it('keeps accounts apart as they are written, and those without one', async () => {
    const loaded = await loading.loadCsv(
      `${HEADING}\n012,USD,1,2026-03-02\n12,USD,2,2026-03-02\n,USD,3,2026-03-02\nNULL,USD,4,2026-03-02\n`,
    );
    expect(loaded.slices.map(({ billingAccount, rows }) => [billingAccount, rows])).toEqual([
      ['012', 1],
      ['12', 1],
      [null, 2],
    ]);
  });

  it('keeps columns of its own as text, but for empty ones', async () => {
    const loaded = await loading.loadCsv(
      `${HEADING},x_Note,Größe,x_Empty\n${row('1', `,"say ""hi""\\\t\n",ü,`)}${row('2', ',NULL,,')}`,
    );
    const extras = await loading.values(loaded, 'extras');
    expect(JSON.parse(`[${extras.join()}]`)).toEqual([{ x_Note: 'say "hi"\\\t\n', Größe: 'ü' }, {}]);
  });

  it('has no tags where it has no such column, and no price details', async () => {
    const loaded = await loading.loadCsv(`${HEADING}\n${row('1')}`);
    expect(await loading.value(loaded, 'tags')).toBe('{}');
    expect(await loading.value(loaded, 'sku_price_details')).toBeNull();
  });

  it('keeps what a detail cannot hold among the extras, and reports it: the money stays', async () => {
    const loaded = await loading.loadCsv(
      `${HEADING},PricingQuantity,ChargePeriodEnd,Tags\n${row('1.50', ',a lot,soon,{broken')}`,
    );
    expect(loaded).toMatchObject({ accepted: 1, repaired: 1, rejected: 0 });
    expect(new Set(loaded.repairs.map(({ column, code }) => `${column} ${code}`))).toEqual(
      new Set(['Tags broken_tags', 'PricingQuantity unknown_value', 'ChargePeriodEnd unknown_value']),
    );
    expect(JSON.parse((await loading.value(loaded, 'extras')) ?? '')).toEqual({
      PricingQuantity: 'a lot',
      ChargePeriodEnd: 'soon',
      Tags: '{broken',
    });
  });

  it('is read as Windows-1252 where it is no UTF-8, and loses NUL', async () => {
    const latin = Buffer.from(`${HEADING},ServiceName\n${row('1', ',B\xfcro \x80')}`, 'latin1');
    const loaded = await loading.loadCsv(latin);
    expect(await loading.value(loaded, 'service_name')).toBe('Büro €');
    expect(loaded.repairs).toEqual([{ line: 2, column: 'ServiceName', code: 'encoding' }]);
    const withNul = await loading.loadCsv(
      `${HEADING},ServiceName,x_a,Tags\n${row('1', ',S\0 3,\0b,"{""k"":""\0""}"')}`,
    );
    expect(await loading.value(withNul, 'service_name')).toBe('S 3');
    expect(withNul.repairs).toContainEqual({ line: 2, column: 'ServiceName', code: 'encoding' });
  });

  it.each([
    ['gzip', gzipSync(`${HEADING}\n${row('1')}`)],
    ['UTF-16', Buffer.from(`\ufeff${HEADING}\n${row('1')}`, 'utf16le')],
    ['tabs', `${HEADING}\n${row('1')}`.replaceAll(',', '\t')],
    ['bars', `${HEADING}\n${row('1')}`.replaceAll(',', '|')],
    ['a line end of old', `${HEADING}\n${row('1')}`.replaceAll('\n', '\r')],
  ])('may come in %s', async (_, content) => {
    expect(await loading.loadCsv(content)).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it('may be nothing but a heading: no rows yet is no fault', async () => {
    expect(await loading.loadCsv(HEADING)).toMatchObject({ accepted: 0, rejected: 0, slices: [] });
  });

  it('tells its dialect by what can be read in one way only, wherever that stands', async () => {
    const lines = ['"1,234"', '"2,500"', '"0,5"'].map((cost) => row(cost));
    const told = await loading.loadCsv(`${HEADING}\n${lines.join('')}`);
    expect(await loading.values(told, 'billed_cost')).toEqual(['0.5', '1.234', '2.500']);
    const untold = await loading.loadCsv(`${HEADING}\n${lines.slice(0, 2).join('')}${row('3')}`);
    expect(untold).toMatchObject({ accepted: 1, rejected: 2 });
    expect(untold.rejections[0]).toEqual({ line: 2, column: 'BilledCost', code: 'not_a_decimal' });
  });

  it('has dates that are rejected where nothing tells the day from the month', async () => {
    const line = (date: string): string => `acme,USD,1,${date}\n`;
    const untold = await loading.loadCsv(`${HEADING}\n${line('03/02/2026')}${line('03/03/2026')}`);
    expect(untold.rejections).toEqual([{ line: 2, column: 'ChargePeriodStart', code: 'not_a_date' }]);
    const told = await loading.loadCsv(`${HEADING}\n${line('03/02/2026')}${line('03/13/2026')}`);
    expect(told).toMatchObject({ accepted: 2, rejected: 0 });
  });

  it('is read by a saved mapping with constants and formats', async () => {
    const shape = {
      kind: 'mapping',
      mapping: {
        BilledCost: { column: 'Betrag', format: '1.234,56' },
        BillingCurrency: { const: 'EUR' },
        ChargePeriodStart: { column: 'Tag', format: 'DD/MM/YYYY' },
        ServiceName: 'Dienst',
      },
    } as const;
    const loaded = await loading.loadCsv('Betrag;Tag;Dienst;Ort\n1.234;03/02/2026;S3;Köln\n', { shape });
    expect(await loading.value(loaded, 'billed_cost')).toBe('1234');
    expect(await loading.value(loaded, 'billing_currency || service_name')).toBe('EURS3');
    expect(await loading.value(loaded, `charge_period_start AT TIME ZONE 'UTC'`)).toBe('2026-02-03 00:00:00');
    expect(await loading.value(loaded, `extras->>'Ort'`)).toBe('Köln');
  });

  it('may be an Azure export in another language, month first, its tags without braces', async () => {
    const shape = { kind: 'azure-actual' } as const;
    const heading = 'Fecha (Date),Costo (CostInBillingCurrency),Moneda (BillingCurrencyCode),Etiquetas (Tags)';
    const lines = [
      '03/02/2026,5.5E-05,EUR,"""team"": ""a"",""env"": ""prod"""',
      '03/13/2026,1.5,EUR,"{""team"": ""b""}"',
    ];
    const loaded = await loading.loadCsv(`\ufeff${heading}\r\n${lines.join('\r\n')}\r\n`, { shape });
    expect(loaded).toMatchObject({ accepted: 2, repaired: 0, rejected: 0 });
    expect(await loading.values(loaded, `charge_period_start AT TIME ZONE 'UTC'`)).toEqual([
      '2026-03-02 00:00:00',
      '2026-03-13 00:00:00',
    ]);
    expect(await loading.values(loaded, `charge_period_end AT TIME ZONE 'UTC'`)).toEqual([
      '2026-03-03 00:00:00',
      '2026-03-14 00:00:00',
    ]);
    expect(await loading.values(loaded, `tags->>'team'`)).toEqual(['a', 'b']);
  });

  it('counts malformed records as rejected rows, at the line where they start', async () => {
    const loaded = await loading.loadCsv(`${HEADING}\n${row('1')}"a\nb",USD,1\n${row('2')}x,USD,3,2026-03-01,more\n`);
    expect(loaded).toMatchObject({ accepted: 2, rejected: 2 });
    expect(loaded.rejections).toEqual([
      { line: 3, column: null, code: 'malformed_record' },
      { line: 6, column: null, code: 'malformed_record' },
    ]);
  });
});
