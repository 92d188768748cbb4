// The console's proxy in Node.js with Hono. The tests hold it to docs/console-contract.md.
import { Hono } from 'hono';

const FORWARDED = ['content-type', 'retry-after', 'date', 'age', 'x-request-id'];
const MAX_BYTES = 8 * 1024 * 1024;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

// When nothing was sent, so that nothing was charged.
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

const isRequestId = (text) => /^[!-~]{1,128}$/.test(text ?? '');
const plain = (status, msg) => Response.json({ code: status, msg }, { status });
const failure = (status, code, message, request_id) => Response.json({ error: { code, message, request_id } }, { status });

/**
 * `api` is the API's base, `host` the console's own as in `Host`, and `tokenOf(cookies)` the token of the one live
 * session whose cookie is among them: `undefined` for none and for two.
 */
export function proxy({ api, host, tokenOf, timeoutMs = 30_000 }) {
  const app = new Hono();

  app.use(async (context, next) => {
    const given = context.req.header('x-request-id');
    const requestId = isRequestId(given) ? given : `req_${crypto.randomUUID()}`;
    context.set('requestId', requestId);
    if (context.req.header('host') !== host) context.res = plain(421, 'This console is not for that host');
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
    if (!isRequestId(context.res.headers.get('x-request-id'))) context.res.headers.set('x-request-id', requestId);
  });

  app.get('/api/v1/referrals/me/events', async (context) => {
    // A link on another site would spend the user's credits.
    if (!['same-origin', 'none'].includes(context.req.header('sec-fetch-site') ?? 'none')) {
      return plain(403, 'This address answers only to its own pages');
    }
    const token = await tokenOf(context.req.header('cookie') ?? '');
    if (!token) return plain(401, 'Authentication required');

    const requestId = context.get('requestId');
    const { search } = new URL(context.req.url);
    try {
      const answer = await fetch(`${api}/referrals/me/events${search}`, {
        // Neither the browser's cookie nor its Authorization goes up. The body is passed on as it is.
        headers: { accept: 'application/json', 'accept-encoding': 'identity', authorization: `Token ${token}`, 'x-request-id': requestId },
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), context.req.raw.signal]),
      });
      const body = await answer.text();
      if (answer.status >= 300 && answer.status < 400) return failure(502, 'upstream_unusable', 'The service answered with a redirect', requestId);
      // An error page may print the request with its token.
      if (body.length > MAX_BYTES || body.includes(token)) return failure(502, 'upstream_unusable', "The service's answer cannot be passed on", requestId);
      const headers = FORWARDED.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)]] : []));
      return new Response([204, 205].includes(answer.status) ? null : body, { status: answer.status, headers });
    } catch (error) {
      if (error.name === 'TimeoutError') return failure(504, 'upstream_timeout', 'The service did not answer in time', requestId);
      if (NOT_SENT.includes(error.cause?.code)) return failure(502, 'upstream_unreachable', 'The service cannot be reached', requestId);
      return failure(502, 'upstream_lost', 'The connection to the service broke', requestId);
    }
  });

  app.all('/api/v1/referrals/me/events', () => plain(405, 'Only GET is allowed'));
  app.notFound(() => plain(404, 'Endpoint not found'));
  app.onError(() => plain(500, 'Internal error'));
  return app;
}
