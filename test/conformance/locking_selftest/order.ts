/** Orders of locks: recursion, cycles, wrong releases and initialisations, readers. */
import {
  type Case,
  type Flavor,
  FLAVORS,
  type Letter,
  mutex,
  nest,
  permutations,
  rlock,
  rsem,
  spin,
  wlock,
  wsem,
} from "./kit.ts";

/** Pairs of locks that are taken one after the other, as `AB BA`; the last pair closes a cycle. */
const CYCLES: Record<string, string> = {
  "A-B-B-A deadlock": "AB BA",
  "A-B-B-C-C-A deadlock": "AB BC CA",
  "A-B-C-A-B-C deadlock": "AB CA BC",
  "A-B-B-C-C-D-D-A deadlock": "AB BC CD DA",
  "A-B-C-D-B-D-D-A deadlock": "AB CD BD DA",
  "A-B-C-D-B-C-D-A deadlock": "AB CD BC DA",
};

/** Recursive read locks cause neither a cycle nor a recursion; all other locks do. */
function unlessReader(f: Flavor): "report" | "silent" {
  return f === rlock ? "silent" : "report";
}

const deadlocks: Case[] = FLAVORS.flatMap((f) => [
  {
    name: `A-A deadlock ${f.name}`,
    expected: unlessReader(f),
    run() {
      f.L("X1");
      f.L("X2");
    },
  },
  ...Object.entries(CYCLES).map(([name, pairs]): Case => ({
    name: `${name} ${f.name}`,
    expected: unlessReader(f),
    run() {
      for (const [x, y] of pairs.split(" ")) nest(f, x as Letter, f, y as Letter);
    },
  })),
  {
    name: `double unlock ${f.name}`,
    expected: "report",
    run() {
      f.L("A");
      f.U("A");
      f.U("A");
    },
  },
  {
    name: `initialize held ${f.name}`,
    expected: "report",
    run() {
      f.L("A");
      f.I("A");
    },
  },
]);

/** Two acquisitions of one class, for an rwlock and an rw_semaphore. */
function twice(
  name: string,
  rw: "report" | "silent",
  [f, x]: [Flavor, Letter],
  [g, y]: [Flavor, Letter],
): Case[] {
  const sem = (h: Flavor) => h === rlock ? rsem : wsem;
  return [
    {
      name: `${name} rlock`,
      expected: rw,
      run() {
        f.L(x);
        g.L(y);
      },
    },
    {
      name: `${name} rsem`,
      expected: "report",
      run() {
        sem(f).L(x);
        sem(g).L(y);
      },
    },
  ];
}

/** Take X1 by `first` and then Y1; later Y1 and then X1 by `last`. */
function abba(name: string, rw: "report" | "silent", first: Flavor, last: Flavor): Case[] {
  const sem = (h: Flavor) => h === rlock ? rsem : wsem;
  return [
    {
      name: `${name} rlock`,
      expected: rw,
      run() {
        nest(first, "X1", spin, "Y1");
        nest(spin, "Y1", last, "X1");
      },
    },
    {
      name: `${name} rsem`,
      expected: "report",
      run() {
        nest(sem(first), "X1", mutex, "Y1");
        nest(mutex, "Y1", sem(last), "X1");
      },
    },
  ];
}

const recursions: Case[] = [
  ...twice("recursive read-lock", "silent", [rlock, "X1"], [rlock, "X1"]),
  ...twice("recursive read-lock #2", "silent", [rlock, "X1"], [rlock, "X2"]),
  ...twice("mixed read-write-lock", "report", [rlock, "X1"], [wlock, "X2"]),
  ...twice("mixed write-read-lock", "report", [wlock, "X1"], [rlock, "X2"]),
  ...abba("mixed read-lock/lock-write ABBA", "report", rlock, wlock),
  ...abba("mixed read-lock/lock-read ABBA", "silent", rlock, rlock),
  ...abba("mixed write-lock/lock-write ABBA", "report", wlock, wlock),
  {
    name: "chain cached mixed R-L/L-W ABBA rlock",
    expected: "report",
    run() {
      nest(rlock, "X1", spin, "Y1");
      nest(spin, "Y1", rlock, "X1");
      nest(spin, "Y1", wlock, "X1");
    },
  },
];

/**
 * Three pairs in every order. `W1R2`, as the kernel writes it, says how both locks of a pair are
 * taken.
 */
const TRIPLES: Record<string, readonly [string, "report" | "silent"]> = {
  "rlock W1R2/W2R3/W3R1": ["W1R2/W2R3/W3R1", "report"],
  "rlock W1W2/R2R3/W3R1": ["W1W2/R2R3/W3R1", "report"],
  // The names of the next two cases are swapped, as the names of the kernel's functions are.
  "rlock W1W2/R2R3/R3W1": ["W1R2/R2R3/W3W1", "silent"],
  "rlock W1R2/R2R3/W3W1": ["W1W2/R2R3/R3W1", "silent"],
};
const LETTERS: readonly Letter[] = ["X1", "Y1", "Z1"];

function pairOf(text: string): () => void {
  const [f, x, g, y] = text;
  const flavor = (c: string) => c === "W" ? wlock : rlock;
  const letter = (c: string) => LETTERS[Number(c) - 1];
  return () => nest(flavor(f), letter(x), flavor(g), letter(y));
}

const triples: Case[] = Object.entries(TRIPLES).flatMap(([name, [pairs, expected]]) =>
  permutations(pairs.split("/").map(pairOf)).map(([order, run]) => ({
    name: `${name}/${order}`,
    expected,
    run,
  }))
);

export const orderCases: readonly Case[] = [...deadlocks, ...recursions, ...triples];
