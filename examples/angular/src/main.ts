import { bootstrapApplication } from '@angular/platform-browser';
import { Console } from './console';
import { config } from './config';

bootstrapApplication(Console, config).catch((error) => console.error(error));
