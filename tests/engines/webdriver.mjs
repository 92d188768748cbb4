// A browser, driven by W3C WebDriver (https://www.w3.org/TR/webdriver2/). It is started with its
// driver, and ends with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';

/** By this a driver knows an element from any other object. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** How long something may take that takes far less, in milliseconds. */
const PATIENCE = 30_000;

/** Keys that write nothing, as WebDriver names them. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Space: ' ', ArrowRight: '\uE014' };

// A browser does not start in its sandbox as root, which is who a build machine often is.
const isRoot = process.getuid?.() === 0;

/** What each browser is asked for: no window, English, and light or dark. */
const CAPABILITIES = {
  chromium: (binary, scheme) => ({
    'goog:chromeOptions': {
      binary,
      args: [
        '--headless',
        '--lang=en-GB',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
        ...(isRoot ? ['--no-sandbox'] : []),
      ],
    },
  }),
  firefox: (binary, scheme) => ({
    'moz:firefoxOptions': {
      binary,
      args: ['-headless'],
      prefs: {
        'intl.accept_languages': 'en-GB',
        'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
      },
    },
  }),
  // WebKitGTK takes the colours from its surroundings, see `surroundings`. It has no headless mode, and
  // is given a display. Safari, which stands for it on macOS, can be told nothing.
  webkit: () => ({}),
};

/** The environment in which a driver, and with it its browser, is started. */
function surroundings(scheme, scratch) {
  return { ...process.env, TMPDIR: scratch, GTK_THEME: scheme === 'dark' ? 'Adwaita:dark' : 'Adwaita' };
}

/** Run in the page before each script: what a script finds the page's parts with. */
const LOOK = `
  const look = {
    /** All elements that fit, in the document and in every open shadow root of it. */
    all(selector, root = document) {
      const hosts = [...root.querySelectorAll('*')].filter((element) => element.shadowRoot);
      const within = hosts.flatMap((host) => look.all(selector, host.shadowRoot));
      return [...root.querySelectorAll(selector), ...within];
    },
    /** The element with the focus, which is in a shadow root if its host has the focus. */
    focused() {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element;
    },
    /** What an element is called: an approximation, for finding; \`labelOf\` asks the browser. */
    name: (element) => (element?.ariaLabel ?? element?.textContent ?? '').trim(),
  };
`;

export class Browser {
  #driver;
  #address;
  #scratch;
  #end;
  // The size that was asked for last, and what the window came to.
  #size;
  #rect;

  /** Starts the browser that the environment names. */
  static async start({ scheme = 'light' } = {}) {
    const { BROWSER, BROWSER_PROGRAM, DRIVER } = process.env;
    if (!(BROWSER in CAPABILITIES) || !DRIVER) {
      throw new Error('Run these tests by `cargo xtask test --only engines`: it sets up what they need.');
    }
    const browser = new Browser();
    // A directory for all that a browser leaves behind: chromedriver does not always clear away.
    browser.#scratch = await mkdtemp(path.join(tmpdir(), 'rh-'));
    await browser.#startDriver(DRIVER, surroundings(scheme, browser.#scratch));
    try {
      const alwaysMatch = {
        ...CAPABILITIES[BROWSER](BROWSER_PROGRAM, scheme),
        timeouts: { implicit: 0, pageLoad: PATIENCE, script: PATIENCE },
      };
      const session = await browser.#ask('POST', '/session', { capabilities: { alwaysMatch } });
      browser.#address += `/session/${session.sessionId}`;
      browser.name = session.capabilities.browserName;
      browser.version = session.capabilities.browserVersion;
    } catch (error) {
      await browser.#endDriver();
      throw error;
    }
    return browser;
  }

  async #startDriver(program, env) {
    const port = await freePort();
    this.#address = `http://127.0.0.1:${port}`;
    // What a driver writes is of interest only when it does not start.
    let said = '';
    this.#driver = spawn(program, [`--port=${port}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [this.#driver.stdout, this.#driver.stderr]) output.on('data', (data) => (said = (said + data).slice(-4000)));
    let failure;
    this.#driver.once('error', (error) => (failure = error.message));
    this.#driver.once('exit', () => (failure ??= 'it ended'));
    // Whatever ends these tests ends the driver, and a driver that is told to end ends its browser.
    this.#end = () => this.#driver.kill();
    process.once('exit', this.#end);
    const start = Date.now();
    while (!(await this.#isReady())) {
      if (failure || Date.now() - start > PATIENCE) {
        await this.#endDriver();
        throw new Error(`${program} did not start: ${failure ?? 'no answer'}\n${said}`);
      }
      await sleep(20);
    }
  }

  async #isReady() {
    try {
      return (await this.#ask('GET', '/status')).ready;
    } catch {
      return false;
    }
  }

  async #endDriver() {
    const driver = this.#driver;
    const hasEnded = () => driver.exitCode !== null || driver.signalCode !== null || driver.pid === undefined;
    if (!hasEnded()) {
      const end = once(driver, 'exit');
      driver.kill();
      const firmly = setTimeout(() => driver.kill('SIGKILL'), 5000);
      await end;
      clearTimeout(firmly);
    }
    process.off('exit', this.#end);
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** Ends the browser, and then its driver. */
  async end() {
    try {
      await this.#ask('DELETE', '');
    } finally {
      await this.#endDriver();
    }
  }

  /** One command. */
  async #ask(method, path, body) {
    const response = await fetch(this.#address + path, {
      method,
      // geckodriver takes what a page could send without being asked for an attack.
      headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
      signal: AbortSignal.timeout(2 * PATIENCE),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async go(address) {
    await this.#ask('POST', '/url', { url: address });
  }

  async address() {
    return new URL(await this.#ask('GET', '/url'));
  }

  async back() {
    await this.#ask('POST', '/back');
  }

  async forward() {
    await this.#ask('POST', '/forward');
  }

  /** The title of the document. */
  async title() {
    return this.#ask('GET', '/title');
  }

  /** The size of the window, with its frame; as near to it as the browser goes. */
  async resize(width, height) {
    const size = `${width} ${height}`;
    if (this.#size !== size) this.#rect = await this.#ask('POST', '/window/rect', { width, height });
    this.#size = size;
    return this.#rect;
  }

  /**
   * Runs a function in the page, or a script, and waits for what it promises. The function is given
   * what finds the page's parts (see LOOK), and then the arguments; these and what it returns may be
   * elements.
   */
  async evaluate(what, ...args) {
    const isScript = typeof what === 'string';
    // Errors are told as values: how a driver tells of them differs.
    const script = isScript
      ? `${what}; arguments[arguments.length - 1]({});`
      : `${LOOK}
         const args = [...arguments];
         const done = args.pop();
         (async () => (${what})(look, ...args))().then(
           (value) => done({ value }),
           (error) => done({ error: String(error), stack: String(error?.stack) }),
         );`;
    const result = await this.#ask('POST', '/execute/async', { script, args: args.map(sent) });
    if (result?.error) throw new Error(`In the page: ${result.error}\n${result.stack}`);
    return this.#received(result?.value);
  }

  #received(value) {
    if (Array.isArray(value)) return value.map((value) => this.#received(value));
    return value?.[ELEMENT] ? new Element(this, value[ELEMENT]) : value;
  }

  /** All elements that fit, of a certain name if one is given, in any open shadow root. */
  async all(selector, name) {
    return this.evaluate(
      (look, selector, name) => look.all(selector).filter((element) => name === null || look.name(element) === name),
      selector,
      name ?? null,
    );
  }

  /** The first such element, once there is one. */
  async find(selector, name) {
    const start = Date.now();
    for (;;) {
      try {
        const [found] = await this.all(selector, name);
        if (found) return found;
      } catch (error) {
        // A document that goes takes the scripts along that run in it; chromedriver calls it a time-out.
        if (!/script timeout|unloaded|navigated/i.test(error.message)) throw error;
      }
      if (Date.now() - start > PATIENCE) throw new Error(`There is no ${selector} ${name ?? ''}`.trim());
      await sleep(20);
    }
  }

  /** Presses keys, one after the other, for whatever has the focus. */
  async press(...keys) {
    const actions = keys.flatMap((key) => ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[key] ?? key })));
    await this.#ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** A command about an element. */
  async askElement(id, method, path, body) {
    return this.#ask(method, `/element/${id}${path}`, body);
  }
}

/** An element of the page. */
class Element {
  constructor(browser, id) {
    this.browser = browser;
    this.id = id;
  }

  async click() {
    await this.browser.askElement(this.id, 'POST', '/click');
  }

  /** Writes into it. */
  async type(text) {
    await this.browser.askElement(this.id, 'POST', '/value', { text });
  }

  async focus() {
    await this.browser.evaluate((_, element) => element.focus(), this);
  }

  /** The role that it has for assistive technology. */
  async role() {
    return this.browser.askElement(this.id, 'GET', '/computedrole');
  }

  /** The name that it has for assistive technology. */
  async label() {
    return this.browser.askElement(this.id, 'GET', '/computedlabel');
  }

  async attribute(name) {
    return this.browser.askElement(this.id, 'GET', `/attribute/${name}`);
  }
}

function sent(value) {
  return value instanceof Element ? { [ELEMENT]: value.id } : value;
}

// A signal ends a program without its listeners to "exit", unless somebody listens to the signal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
