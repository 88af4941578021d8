/**
 * Assembles a machine on one CPU: arena, kernel, patches, target, sanitizers.
 *
 * Everything above the machine is loaded through load() of machine/load.ts.
 *
 * @module
 */
import { blame, placeText, setUserFiles } from "../../machine/findings/blame.ts";
import { load } from "../../machine/load.ts";
import { views } from "../../machine/words/arena.ts";
import type { MachineConfig } from "../../machine/executor.ts";
import { KernelError } from "../../kernel/series/expression.ts";
import { specOf, type Target } from "../../prog/target.ts";
import { limitsOf } from "../../prog/types.ts";
import type { Sanitizer } from "../../sanitizers/sanitizer.ts";
import type { WatchedLines } from "../protocol/jobs.ts";

/** What a CPU must know to join a machine: plain data that can be sent to a Worker. */
export interface Assembly {
  readonly config: MachineConfig;
  readonly kernel: string;
  /** Module URLs of patches. They are applied in order, after the patches of the kernel. */
  readonly patches: readonly string[];
  /** Module URL of the target. */
  readonly target: string;
  /** Names of the sanitizers that are left out. */
  readonly without: readonly string[];
  /** Lines to watch. */
  readonly watched?: WatchedLines;
  /** A patch whose functions can be switched on one by one while the machine runs. */
  readonly alternatives?: Alternatives;
}

/** Second bodies of functions. */
export interface Alternatives {
  /** Module URL of the patch that has them. */
  readonly url: string;
  /** A word for each function, in the order of the patch: whether its body is the patch's. */
  readonly words: SharedArrayBuffer;
}

/** A machine, as one CPU sees it. */
export interface Assembled {
  readonly buffer: SharedArrayBuffer;
  readonly target: Target;
  readonly sanitizers: readonly Sanitizer[];
}

/** A file of the user cannot be used. The message says which one, and why. */
export class PatchError extends Error {
  override name = "PatchError";
}

async function loadPatches(urls: readonly string[]) {
  const patches = [];
  for (const url of urls) {
    let module;
    try {
      module = await import(url);
    } catch (e) {
      throw new PatchError(`Cannot load patch "${url}": ${(e as Error).message}`);
    }
    const p = module.default;
    if (typeof p?.name !== "string" || typeof p?.functions !== "object") {
      throw new PatchError(
        `Cannot use patch "${url}": its default export must be made by patch(name, title, functions)`,
      );
    }
    patches.push(p);
  }
  return patches;
}

/** The user asked for a kernel that cannot be had; anything else is a fault of ours. */
function asPatchError(e: unknown): never {
  throw e instanceof KernelError ? new PatchError(e.message) : e;
}

/**
 * Load everything above the machine, one after the other: structures are laid out, and functions
 * numbered, in the order in which modules are loaded, which must be the same on all CPUs. The kernel
 * comes first, since what it is decides about its structures.
 */
async function loadParts(assembly: Assembly) {
  const { install, loadKernel } = await import("../../kernel/series/load.ts");
  const kernel = await loadKernel(assembly.kernel).catch(asPatchError);
  const { SANITIZERS } = await import("../../sanitizers/all.ts");
  const target: Target = (await import(assembly.target)).default;
  const patches = [...kernel, ...await loadPatches(assembly.patches)];
  const [second] = assembly.alternatives ? await loadPatches([assembly.alternatives.url]) : [];
  const { alternate } = await import("../../machine/calls/alternate.ts");
  const { setOperations } = await import("../../machine/context/operation.ts");
  const handles = await import("../../machine/context/handles.ts");
  const { captureStacks } = await import("../../machine/record/stacks.ts");
  const { boot } = await import("../../machine/boot.ts");
  const { setLifecycle } = await import("../../machine/hooks/lifecycle.ts");
  const { setShortage } = await import("../../machine/hooks/shortage.ts");
  const { watchLines } = await import("./watch_lines.ts");
  return {
    install,
    SANITIZERS,
    target,
    patches,
    second,
    alternate,
    setOperations,
    ...handles,
    captureStacks,
    boot,
    setLifecycle,
    setShortage,
    watchLines,
  };
}

/** A kernel has fewer CPUs than a machine may have; see NR_CPUS. */
function checkWidth(cpus: number, target: Target): void {
  const most = limitsOf(specOf(target)).cpus;
  if (cpus <= most) return;
  throw new PatchError(`Cannot run target "${target.name}" on ${cpus} CPUs: it may have ${most}`);
}

/** Become CPU `cpu` of a machine. For CPUs above 0, `shared` is the arena that CPU 0 made. */
export async function assemble(
  assembly: Assembly,
  cpu: number,
  shared?: SharedArrayBuffer,
): Promise<Assembled> {
  setUserFiles(assembly.patches);
  const place = { config: assembly.config, cpu, shared };
  const { buffer, modules } = await load(place, () => loadParts(assembly));
  const { target, patches } = modules;
  checkWidth(assembly.config.cpus, target);
  try {
    modules.install(patches);
    if (modules.second !== undefined) {
      const words = new Int32Array(assembly.alternatives!.words);
      modules.alternate(modules.second, words);
    }
  } catch (e) {
    throw new PatchError((e as Error).message);
  }
  if (assembly.watched) modules.watchLines(assembly.watched, assembly.config.cpus);
  modules.setOperations(
    Object.keys(target.ops),
    modules.bindOperations(target),
    modules.startArguments(target),
  );
  const sanitizers = modules.SANITIZERS.filter((s) =>
    !assembly.without.includes(s.name) && (!assembly.config.free || s.free) &&
    (s.enabled?.() ?? true)
  );
  if (cpu === 0) bootMachine(modules, sanitizers);
  else target.attach?.();
  if (target.shortage !== undefined) modules.setShortage(target.shortage);
  for (const s of sanitizers) s.attach();
  modules.captureStacks(); // after KASAN, which must see a double free first
  return { buffer, target, sanitizers };
}

/** Boot the kernel on CPU 0 and take the image from which every execution starts. */
function bootMachine(
  { target, boot, setLifecycle }: Awaited<ReturnType<typeof loadParts>>,
  sanitizers: readonly Sanitizer[],
): void {
  const { slots } = views();
  try {
    boot(target.boot ?? (() => {}));
  } catch (e) {
    const { user } = blame((e as Error).stack ?? "");
    if (user === null) throw e;
    throw new PatchError(`${placeText(user)}: ${e}`);
  }
  target.attach?.();
  const predefined = Object.values(target.predefined ?? {});
  // These run in every execution, so leave out sanitizers that have nothing to do.
  const quiescers = sanitizers.filter((s) => s.quiesce !== undefined);
  const judges = sanitizers.filter((s) => s.verdict !== undefined);
  setLifecycle({
    predefine() {
      for (const s of sanitizers) s.reset?.();
      for (let i = 0; i < predefined.length; i++) slots[i] = predefined[i].address();
    },
    observe: target.observe ?? (() => {}),
    quiesce() {
      for (let i = 0; i < quiescers.length; i++) quiescers[i].quiesce!();
    },
    suspicious: target.suspicious ?? (() => true),
    finish() {
      target.finish?.();
      for (const s of sanitizers) s.end?.();
    },
    verdict() {
      for (let i = 0; i < judges.length; i++) judges[i].verdict!();
    },
  });
}
