import { fileURLToPath } from 'node:url';

export default {
  output: 'export',
  basePath: '/routers/next',
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
};
