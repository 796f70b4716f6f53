import { describe, expect, it } from '@jest/globals';
import { removeHopByHop } from './hop-by-hop.pure.js';

describe('removeHopByHop', () => {
  it('keeps what is meant for the context', () => {
    const headers = { authorization: 'Bearer x', 'content-type': 'text/plain', connection: 'close' };
    removeHopByHop(headers);
    expect(headers).toEqual({ authorization: 'Bearer x', 'content-type': 'text/plain' });
  });

  it('takes out what Connection names, but never what frames the body', () => {
    const headers = {
      connection: 'keep-alive, X-Hop , content-length',
      'x-hop': '1',
      te: 'trailers',
      'content-length': '3',
    };
    removeHopByHop(headers);
    expect(headers).toEqual({ 'content-length': '3' });
  });
});
