/** Three CPUs of the lab and a handler: locks, RCU, interrupts that are off, cells that all access. */
export const BUSY = `
  cpu0 nested()
  cpu1 irq()
  cpu2 guarded()
  cpu0 guarded()
  cpu1 reader()
  cpu2 busy()
  cpu1 hardirq touch()
`;
