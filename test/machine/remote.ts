/** Machines in Workers of their own, as many as a test needs, one after the other. */
import { file, type MachineOptions, type Ran, type RunOptions } from "./harness.ts";

export interface RemoteMachine {
  run(body: string, options?: RunOptions): Promise<Ran>;
}

/** Open a machine, use it, close it. */
export async function withMachine<T>(
  options: MachineOptions,
  use: (m: RemoteMachine) => Promise<T>,
): Promise<T> {
  const worker = new Worker(file("test/machine/remote_worker.ts"), { type: "module" });
  // deno-lint-ignore no-explicit-any
  const call = (message: unknown): Promise<any> =>
    new Promise((resolve, reject) => {
      worker.onerror = (e) => {
        e.preventDefault();
        reject(new Error(e.message));
      };
      worker.onmessage = ({ data }) => {
        if (data.error) reject(new Error(data.error));
        else resolve(data.ok);
      };
      worker.postMessage(message);
    });
  try {
    await call({ open: options });
    return await use({ run: (body, o) => call({ run: { body, options: o } }) });
  } finally {
    await call({ close: true });
    worker.terminate();
  }
}
