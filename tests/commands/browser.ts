/**
 * A real browser for tests of pages: Chromium without a window, driven through its DevTools protocol.
 *
 * @module
 */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The browser on the PATH, if there is one. */
export const browserPath: string | undefined = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (Deno.env.get("PATH") ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** A page in the browser. */
export interface Page {
  /** Opens an address and waits until it has loaded. */
  open(address: string): Promise<void>;
  /** Computes an expression in the page; promises are awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  /** Moves the mouse to a place. */
  move(x: number, y: number): Promise<void>;
  /** Clicks at a place; twice for a double click. */
  click(x: number, y: number, times?: number): Promise<void>;
  /** Drags from one place to another. */
  drag(from: readonly [number, number], to: readonly [number, number]): Promise<void>;
  /** Turns the wheel; negative is away from the user. */
  wheel(x: number, y: number, by: number): Promise<void>;
  /** Presses a key such as "Enter" or "2"; control held for "Control+z". */
  press(key: string): Promise<void>;
  /** Cuts the page off from the network, or not. */
  offline(isOff: boolean): Promise<void>;
  /** The page as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** Errors and refusals that the page has met. */
  readonly problems: readonly string[];
}

/**
 * Runs something with a page of a fresh browser.
 *
 * @param use What to do with the page.
 * @param size Width and height of the window.
 */
export async function withPage(
  use: (page: Page) => Promise<void>,
  { width, height }: { width: number; height: number } = { width: 1280, height: 800 },
): Promise<void> {
  const profile = await Deno.makeTempDir({ prefix: "doppel-browser-" });
  const flags = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking " +
    `disable-component-update disable-sync disable-dev-shm-usage remote-debugging-port=0 window-size=${width},${height}`;
  const browser = new Deno.Command(browserPath!, {
    args: [...flags.split(" ").map((flag) => `--${flag}`), `--user-data-dir=${profile}`, "about:blank"],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const socket = await connect(profile);
    try {
      await use(await newPage(socket, width, height));
    } finally {
      socket.close();
    }
  } finally {
    browser.kill("SIGTERM");
    await browser.status;
    // Its helpers may still write for a moment.
    for (let i = 0; i < 50; i++) {
      const removed = await Deno.remove(profile, { recursive: true }).then(() => true, () => false);
      if (removed) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

type Message = { id?: number; method?: string; params?: unknown; result?: unknown; error?: { message: string } };

/** The protocol's messages over a web socket. */
interface Protocol {
  send<T>(method: string, params: object, session?: string): Promise<T>;
  on(listener: (method: string, params: unknown) => void): void;
  close(): void;
}

async function connect(profile: string): Promise<Protocol> {
  const file = join(profile, "DevToolsActivePort");
  let text = "";
  for (let i = 0; i < 300 && !text.includes("/"); i++) {
    text = await Deno.readTextFile(file).catch(() => "");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [port, path] = text.trim().split("\n");
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners: ((method: string, params: unknown) => void)[] = [];
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(data) as Message;
    if (id === undefined) return listeners.forEach((listener) => listener(method!, params));
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  };
  return {
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve: resolve as (value: unknown) => void, reject });
        socket.send(JSON.stringify({ id: last, method, params: params ?? {}, ...(sessionId ? { sessionId } : {}) }));
      }),
    on: (listener) => void listeners.push(listener),
    close: () => socket.close(),
  };
}

const KEYS: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  Backspace: 8,
  Delete: 46,
  ArrowLeft: 37,
  ArrowRight: 39,
};

async function newPage(protocol: Protocol, width: number, height: number): Promise<Page> {
  const { targetId } = await protocol.send<{ targetId: string }>("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await protocol.send<{ sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  const send = <T>(method: string, params: object = {}) => protocol.send<T>(method, params, sessionId);
  const problems: string[] = [];
  let loaded = () => {};
  protocol.on((method, params) => {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") {
      const { exceptionDetails } = params as {
        exceptionDetails: { text: string; exception?: { description?: string } };
      };
      problems.push(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    if (method === "Log.entryAdded") {
      const { entry } = params as { entry: { level: string; text: string } };
      if (entry.level === "error") problems.push(entry.text);
    }
    // A page that asks whether to leave is left.
    if (method === "Page.javascriptDialogOpening") void send("Page.handleJavaScriptDialog", { accept: true });
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });

  const mouse = (type: string, x: number, y: number, more: object = {}) =>
    send("Input.dispatchMouseEvent", { type, x, y, button: "left", ...more });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send<{
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const page: Page = {
    problems,
    evaluate,
    async open(address) {
      const done = new Promise<void>((resolve) => loaded = resolve);
      await send("Page.navigate", { url: address });
      await done;
    },
    async until(expression) {
      for (let i = 0; i < 200; i++) {
        if (await evaluate<boolean>(`!!(${expression})`)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`Never true in ten seconds: ${expression}`);
    },
    move: async (x, y) => void await mouse("mouseMoved", x, y, { button: "none" }),
    async click(x, y, times = 1) {
      await page.move(x, y);
      for (let clickCount = 1; clickCount <= times; clickCount++) {
        await mouse("mousePressed", x, y, { clickCount });
        await mouse("mouseReleased", x, y, { clickCount });
      }
    },
    async drag(from, to) {
      await page.move(...from);
      await mouse("mousePressed", ...from, { clickCount: 1 });
      for (const share of [0.3, 0.7, 1]) {
        const [x, y] = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
        await mouse("mouseMoved", x, y, { buttons: 1 });
      }
      await mouse("mouseReleased", ...to, { clickCount: 1 });
    },
    wheel: async (x, y, by) => void await mouse("mouseWheel", x, y, { button: "none", deltaX: 0, deltaY: by }),
    async press(key) {
      const held = key.split("+").slice(0, -1);
      const name = key.split("+").at(-1)!;
      const modifiers = (held.includes("Control") ? 2 : 0) + (held.includes("Shift") ? 8 : 0);
      const windowsVirtualKeyCode = KEYS[name] ?? name.toUpperCase().charCodeAt(0);
      await send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: name, modifiers, windowsVirtualKeyCode });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key: name, modifiers, windowsVirtualKeyCode });
    },
    offline: async (isOff) =>
      void await send("Network.emulateNetworkConditions", {
        offline: isOff,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      }),
    async screenshot() {
      const { data } = await send<{ data: string }>("Page.captureScreenshot", { format: "png" });
      return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    },
  };
  return page;
}
