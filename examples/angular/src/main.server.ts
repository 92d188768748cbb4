import { mergeApplicationConfig } from '@angular/core';
import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering } from '@angular/ssr';
import { config } from './config';
import { Console } from './console';

const serverConfig = mergeApplicationConfig(config, { providers: [provideServerRendering()] });

export default (context: BootstrapContext) => bootstrapApplication(Console, serverConfig, context);
