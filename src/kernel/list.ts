/**
 * Doubly linked lists — include/linux/list.h.
 *
 * MODEL: LIST_POISON1/2 are NULL, so that following a deleted entry is a NULL dereference.
 *
 * @module
 */
import { type Fields, type Ptr, ptr, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { WRITE_ONCE } from "../machine/memory/access.ts";

export interface list_head extends Struct, Fields<{ next: Ptr<list_head>; prev: Ptr<list_head> }> {}
export const list_head = struct<list_head>("list_head", { next: ptr, prev: ptr });

/** INIT_LIST_HEAD() */
export function INIT_LIST_HEAD(list: list_head): void {
  WRITE_ONCE(list.$next, list);
  list.prev = list;
}

function __list_add(entry: list_head, prev: list_head, next: list_head): void {
  next.prev = entry;
  entry.next = next;
  entry.prev = prev;
  WRITE_ONCE(prev.$next, entry);
}

/** list_add(): after the head. Context: the list's lock. */
export function list_add(entry: list_head, head: list_head): void {
  __list_add(entry, head, head.next!);
}

/** list_add_tail(), and list_add_tail_rcu(): before the head. Context: the list's lock. */
export function list_add_tail(entry: list_head, head: list_head): void {
  __list_add(entry, head.prev!, head);
}

function __list_del(prev: list_head, next: list_head): void {
  next.prev = prev;
  WRITE_ONCE(prev.$next, next);
}

/** list_del() Context: the list's lock. */
export function list_del(entry: list_head): void {
  __list_del(entry.prev!, entry.next!);
  entry.next = null;
  entry.prev = null;
}

/** list_del_init(): the entry can be asked whether it is on a list. Context: the list's lock. */
export function list_del_init(entry: list_head): void {
  __list_del(entry.prev!, entry.next!);
  INIT_LIST_HEAD(entry);
}

/** list_del_rcu(): a reader that is at the entry can still go on to the next one. */
export function list_del_rcu(entry: list_head): void {
  __list_del(entry.prev!, entry.next!);
  entry.prev = null;
}

/** list_empty() */
export function list_empty(head: list_head): boolean {
  return head.next === head;
}

function __list_splice(list: list_head, head: list_head): void {
  const first = list.next!;
  const last = list.prev!;
  const at = head.next!;
  first.prev = head;
  head.next = first;
  last.next = at;
  at.prev = last;
}

/**
 * list_splice(): all entries of `list` move to the front of `head`. `list` itself is not changed.
 */
export function list_splice(list: list_head, head: list_head): void {
  if (!list_empty(list)) __list_splice(list, head);
}

/** list_splice_init(): and `list` is empty afterwards. */
export function list_splice_init(list: list_head, head: list_head): void {
  if (list_empty(list)) return;
  __list_splice(list, head);
  INIT_LIST_HEAD(list);
}
