/**
 * CPU hotplug — kernel/cpu.c.
 *
 * MODEL: a CPU goes down between operations. Its task waits until the CPU comes up again. Its work
 * items and RCU callbacks move to the CPU that takes it down. stop_machine() waits until no other
 * CPU has preemption off. A second hotplug operation returns an error instead of waiting, because a
 * task that waits cannot leave its CPU here.
 *
 * @module
 */
import { CPU_OFFLINE, CPU_READY, NCPUS, STATE } from "../machine/layout/cpus.ts";
import { CPU, regs } from "../machine/layout/registers.ts";
import { WAIT_STOP_MACHINE } from "../machine/layout/waits.ts";
import { views } from "../machine/words/arena.ts";
import { block } from "../machine/hooks/mode.ts";
import { isOnline, setOnline } from "../machine/context/cpus.ts";
import { adoptCallbacks } from "../machine/context/grace.ts";
import { kernel } from "../machine/calls/registry.ts";
import { adoptWork } from "../machine/context/work.ts";
import { EBUSY, EINVAL } from "./errno.ts";
import { memcg_hotplug_cpu_dead } from "./memcontrol.ts";
import { DEFINE_MUTEX, might_sleep, mutex_trylock, mutex_unlock } from "./spinlock.ts";

const { ctl } = views();

export const cpu_hotplug_lock = DEFINE_MUTEX("cpu_hotplug_lock");

/** take_cpu_down() and takedown_cpu() Context: cpu_hotplug_lock. */
export const takedown_cpu = kernel("takedown_cpu", (cpu: number): void => {
  block(WAIT_STOP_MACHINE, cpu, true); // stop_machine_cpuslocked()
  setOnline(cpu, false);
  if (ctl[STATE + cpu] === CPU_READY) ctl[STATE + cpu] = CPU_OFFLINE;
  adoptCallbacks(cpu, regs[CPU]); // rcutree_migrate_callbacks()
  adoptWork(cpu, regs[CPU]); // the pool is disassociated
});

/** num_online_cpus() */
export function num_online_cpus(): number {
  let n = 0;
  for (let cpu = 0; cpu < ctl[NCPUS]; cpu++) if (isOnline(cpu)) n++;
  return n;
}

/** cpu_down(), with what the callback of CPUHP_MM_MEMCQ_DEAD does. Context: task on another CPU. */
export function cpu_down_with(cpu: number, dead: (cpu: number) => void): number {
  might_sleep();
  if (!mutex_trylock(cpu_hotplug_lock)) return -EBUSY;
  let ret = 0;
  if (cpu === regs[CPU]) ret = -EBUSY;
  else if (cpu >= ctl[NCPUS] || !isOnline(cpu)) ret = -EINVAL;
  else if (num_online_cpus() === 1) ret = -EBUSY;
  else {
    takedown_cpu(cpu);
    dead(cpu);
  }
  mutex_unlock(cpu_hotplug_lock);
  return ret;
}

/** cpu_down() Context: task on another CPU. */
export const cpu_down = kernel(
  "cpu_down",
  (cpu: number): number => cpu_down_with(cpu, memcg_hotplug_cpu_dead),
);

/**
 * cpu_up(), with what the startup callback of CPUHP_AP_ONLINE_DYN does once the CPU is online. Context: task
 * on another CPU.
 */
export function cpu_up_with(cpu: number, online: (cpu: number) => void): number {
  if (!mutex_trylock(cpu_hotplug_lock)) return -EBUSY;
  let ret = -EINVAL;
  if (cpu < ctl[NCPUS] && !isOnline(cpu)) {
    setOnline(cpu, true);
    if (ctl[STATE + cpu] === CPU_OFFLINE) ctl[STATE + cpu] = CPU_READY;
    online(cpu);
    ret = 0;
  }
  mutex_unlock(cpu_hotplug_lock);
  return ret;
}

/** The memory controller has no such callback. */
function no_callback(_cpu: number): void {}

/** cpu_up() Context: task on another CPU. */
export const cpu_up = kernel("cpu_up", (cpu: number): number => cpu_up_with(cpu, no_callback));
