import type { ApplicationConfig } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';

/** The element that the server has rendered stays: a second one would be a second request. */
export const config: ApplicationConfig = { providers: [provideClientHydration()] };
