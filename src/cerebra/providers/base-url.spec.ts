import { describe, expect, it } from '@jest/globals';
import { faultOfBaseUrl } from './base-url.js';

describe('the address of a provider', () => {
  it.each([
    'https://api.example.com/v1',
    'http://127.0.0.1:11434/v1',
    'http://10.0.0.7',
    'http://[::1]:8000/',
    'http://vllm.models.svc.cluster.local/v1',
    'https://acme.openai.azure.com/openai/v1',
  ])('may be %s', (url) => {
    expect(faultOfBaseUrl(url)).toBeNull();
  });

  it.each([
    ['example.com', /URL such as/],
    ['ftp://example.com', /https:\/\/ or http:\/\//],
    ['https://user:secret@example.com', /without a user/],
    ['https://example.com/v1?api-version=1', /without a query/],
    ['https://example.com/v1?', /without a query/],
    ['https://example.com/#v1', /without a fragment/],
    ['http://169.254.169.254/latest', /metadata/],
    ['http://2852039166/', /metadata/],
    ['http://0xa9.0xfe.0xa9.0xfe/', /metadata/],
    ['http://[::ffff:169.254.169.254]/', /metadata/],
    ['http://[fe80::1]/', /metadata/],
    ['http://[fd00:ec2::254]/', /metadata/],
    ['http://metadata.google.internal/', /metadata/],
    ['http://METADATA.google.internal./', /metadata/],
  ])('may not be %s', (url, fault) => {
    expect(faultOfBaseUrl(url)).toMatch(fault);
  });
});
