/**
 * Kernel C that the grammar cannot know, made legible: attributes, loops that are macros, and types
 * as arguments of macros.
 *
 * @module
 */
import { closing } from "./items.ts";

/** Words that say nothing to the translation. With brackets after them, these go too. */
const ATTRIBUTE =
  /\b(?:__always_inline|__always_unused|__attribute__|__attribute_const__|__bpf_kfunc|__cacheline_aligned|__cacheline_aligned_in_smp|____cacheline_aligned_in_smp|__cold|__cpuinit|__force|__init|__ref|__initdata|__iomem|__kprobes|__maybe_unused|__must_check|__must_hold|__acquires|__releases|__percpu|__private|__pure|__rcu|__read_mostly|__ro_after_init|__sched|__printf|__user|__used|__weak|asmlinkage|noinline|noinline_for_stack|CGROUP_REF_FN_ATTRS|CACHELINE_PADDING|ZONE_PADDING|__randomize_layout|__counted_by|__no_kcsan|noinstr|notrace|fastcall|__latent_entropy|__struct_group_begin)\b/g;
const WITH_BRACKETS =
  /^(?:__attribute__|__must_hold|__acquires|__releases|__printf|CACHELINE_PADDING|ZONE_PADDING|__counted_by)$/;

/** Macros that take types: where a type stands, it becomes one word. */
const TAKES_TYPE =
  /\b(?:container_of|container_of_const|list_entry|list_entry_rcu|list_first_entry|list_last_entry|list_first_entry_or_null|list_first_or_null_rcu|max_t|min_t|clamp_t|alloc_percpu|alloc_percpu_gfp|rb_entry|hlist_entry|typecheck|offsetof|offsetofend|DEFINE_PER_CPU|DECLARE_PER_CPU)\s*\(/g;

/** Loops that are macros: `for_each_online_cpu(cpu) …`. */
const LOOP = /\b(\w*for_each\w*)\s*\(/g;

/** The loop that a macro makes is written as this one. */
export const LOOP_WORD = "while (";

/**
 * `(u64)(a)` and `(u64)-a`: a call and a difference for who does not know that `u64` is a type. A
 * `const` in front of it says so, and means nothing in a cast.
 */
const CAST = /\((?=\s*(?:(?:__)?[us](?:8|16|32|64)|[a-z]\w*_t)\s*\)\s*[-+*&(])/g;
const TYPE_WORD = "const ";

/** A macro that stands in front of a definition, without a semicolon: `EXPORT_SYMBOL(x)`. */
const IN_FRONT = /^\s*[A-Z][A-Z0-9_]*\s*\([^()]*\)\s*(?=[A-Za-z_])/;

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function withoutAttributes(text: string): string {
  let out = "";
  let at = 0;
  for (const match of text.matchAll(ATTRIBUTE)) {
    if (match.index < at) continue;
    out += text.slice(at, match.index);
    let end = match.index + match[0].length;
    if (WITH_BRACKETS.test(match[0])) {
      const bracket = /^\s*\(/.exec(text.slice(end));
      if (bracket !== null) end = closing(text, end + bracket[0].length - 1) + 1;
    }
    out += blank(text.slice(match.index, end));
    at = end;
  }
  return out + text.slice(at);
}

/** `struct foo` inside the arguments becomes `struct_foo`: as long as before. */
function typesAsWords(text: string): string {
  let out = text;
  for (const match of text.matchAll(TAKES_TYPE)) {
    const open = match.index + match[0].length - 1;
    const end = closing(out, open);
    const inside = out.slice(open, end).replace(
      /\b(struct|union|enum|unsigned|signed|long) (?=[A-Za-z_])/g,
      "$1_",
    );
    out = out.slice(0, open) + inside + out.slice(end);
  }
  return out;
}

/** The type that such a word stands for. */
export function typeOfWord(word: string): string {
  const tag = /^(struct|union|enum)_(?=\w)/;
  if (tag.test(word)) return word.replace(tag, "$1 ");
  return /^(?:(?:unsigned|signed|long|int|short|char)_)+(?:long|int|short|char)$/.test(word)
    ? word.replaceAll("_", " ")
    : word;
}

/** Text that the grammar understands, and where characters were put in. */
export interface Legible {
  readonly text: string;
  /** The column of the original at a place of `text`; rows and columns from 0. */
  readonly column: (row: number, column: number) => number;
}

/** Something that is put in: behind what column of the original, and how long it is. */
interface Added {
  readonly column: number;
  readonly length: number;
}

/** Make the text of a definition, or of a macro, legible. */
export function legible(text: string): Legible {
  const plain = typesAsWords(withoutAttributes(text)).replace(IN_FRONT, blank);
  const isTypedef = /^\s*typedef\b/.test(plain);
  const added = new Map<number, Added[]>();
  const put = (index: number, length: number) => {
    const before = plain.slice(0, index);
    const row = before.split("\n").length - 1;
    const column = index - (before.lastIndexOf("\n") + 1);
    added.set(row, [...added.get(row) ?? [], { column, length }]);
  };
  /** A piece of the original, with its casts legible. */
  const casts = (from: number, to: number) =>
    plain.slice(from, to).replace(CAST, (bracket, index) => {
      if (isTypedef) return bracket;
      put(from + index + 1, TYPE_WORD.length);
      return bracket + TYPE_WORD;
    });
  let out = "";
  let at = 0;
  for (const match of plain.matchAll(LOOP)) {
    // The definition of a macro or a function of that name has no loop.
    const before = plain.slice(0, match.index);
    if (!/[;{})]\s*$|\belse\s*$|:\s*$/.test(before)) continue;
    const end = closing(plain, match.index + match[0].length - 1) + 1;
    if (end <= at) continue;
    out += casts(at, match.index) + LOOP_WORD;
    put(match.index, LOOP_WORD.length);
    out += casts(match.index, end) + ")";
    at = end;
  }
  out += casts(at, plain.length);
  const column = (row: number, col: number) => {
    let real = col;
    for (const { column: c, length } of added.get(row) ?? []) {
      if (real > c) real = Math.max(c, real - length);
    }
    return real;
  };
  return { text: out, column };
}
