import { createHashRouter } from 'react-router';
import { start } from './start.jsx';

start(createHashRouter);
