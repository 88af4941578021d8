/**
 * Interrupts off and on — include/linux/irqflags.h, include/linux/bottom_half.h.
 *
 * @module
 */
import {
  bhDisable,
  bhEnable,
  irqDisable,
  irqEnable,
  irqRestore,
  irqSave,
} from "../machine/context/irqflags.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";

/** The saved interrupt state. */
export type irqflags = number;

const P = {
  save: prim("local_irq_save"),
  restore: prim("local_irq_restore"),
  disable: prim("local_irq_disable"),
  enable: prim("local_irq_enable"),
  bhDisable: prim("local_bh_disable"),
  bhEnable: prim("local_bh_enable"),
};

/** local_irq_save() */
export function local_irq_save(): irqflags {
  point(P.save, 0);
  return irqSave();
}

/** local_irq_restore() */
export function local_irq_restore(flags: irqflags): void {
  point(P.restore, 0);
  irqRestore(flags);
}

/** local_irq_disable() */
export function local_irq_disable(): void {
  point(P.disable, 0);
  irqDisable();
}

/** local_irq_enable(): turns interrupts on, even if other code turned them off. */
export function local_irq_enable(): void {
  point(P.enable, 0);
  irqEnable();
}

/** local_bh_disable(): no softirq on this CPU. Calls nest. */
export function local_bh_disable(): void {
  point(P.bhDisable, 0);
  bhDisable();
}

/** local_bh_enable(): pending softirqs run now. */
export function local_bh_enable(): void {
  point(P.bhEnable, 0);
  bhEnable();
}
