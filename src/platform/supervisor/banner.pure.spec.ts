import { describe, expect, it } from '@jest/globals';
import { adminKeyLines, banner, type BannerFacts } from './banner.pure.js';

const facts: BannerFacts = {
  version: '1.2.3',
  contexts: [
    { title: 'Alpha', description: 'First', url: 'http://127.0.0.1:1', ready: true, firstSteps: 'try: $OCO_KEY' },
    { title: 'Beta', description: 'Second', url: 'http://127.0.0.1:2', ready: false, firstSteps: 'try beta' },
  ],
  dataDir: '/srv/data',
  embeddedDatabase: true,
  redis: false,
};

describe('the banner', () => {
  it('says where things are, what is embedded and what to try', () => {
    const text = banner(facts);
    expect(text).toContain('Open Cloud Ops 1.2.3');
    expect(text).toContain('http://127.0.0.1:1/docs');
    expect(text).toContain('embedded PostgreSQL in /srv/data');
    expect(text).toContain('try: $OCO_KEY');
    expect(text).not.toContain('Admin key, shown');
  });

  it('says so when a context is not running, and offers nothing to try there', () => {
    const text = banner(facts);
    expect(text).toMatch(/Beta.*NOT RUNNING/);
    expect(text).not.toContain('try beta');
  });

  it('shows a new admin key in the form in which a shell takes it', () => {
    expect(adminKeyLines('oco_admin_x')).toContain('export OCO_KEY=oco_admin_x\n');
  });
});
