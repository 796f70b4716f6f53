import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import { isProbe, routeOf, type RequestObserver } from '../metrics/observe-requests.js';

/**
 * A server span per management request, a child of the caller's where it sends `traceparent`.
 * It carries the route's template; never the path or the query, which may hold secrets.
 */
export function traceRequests(tracer: Tracer): RequestObserver {
  const propagator = new W3CTraceContextPropagator();
  return (request) => {
    const route = routeOf(request);
    if (isProbe(route)) return () => {};
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: request.method,
      [ATTR_HTTP_ROUTE]: route,
      [ATTR_URL_SCHEME]: request.protocol,
      'oco.request_id': request.id,
    };
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    return ({ status, aborted }) => {
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      if (status >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute(ATTR_ERROR_TYPE, String(status));
      } else if (aborted) span.setAttribute(ATTR_ERROR_TYPE, 'client_aborted');
      span.end();
    };
  };
}
