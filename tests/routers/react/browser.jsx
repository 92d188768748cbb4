import { createBrowserRouter } from 'react-router';
import { start } from './start.jsx';

start((routes) => createBrowserRouter(routes, { basename: '/routers/react' }));
