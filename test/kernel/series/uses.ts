/** Allocations and frees as tests of charging draw them. */
import fc from "fast-check";

/** Each use: its CPU, its cgroup, its context, and the bytes. The greatest CPU and cgroup are given. */
export function usesOf(cpu: number, cgroup: number) {
  return fc.array(
    fc.tuple(
      fc.nat(cpu),
      fc.nat(cgroup),
      fc.constantFrom("", "softirq ", "hardirq "),
      fc.integer({ min: 1, max: 65536 }),
    ),
    { minLength: 1, maxLength: 12 },
  );
}
