import { assertEquals } from "@std/assert";
import { typeErrors } from "../../../src/cli/parent/type_check.ts";

const PRINTED =
  `TS2345 [ERROR]: Argument of type 'Ptr<obj_cgroup>' is not assignable to parameter of type 'Lvalue<unknown>'.
  Type 'null' is not assignable to type 'Lvalue<unknown>'.
    const objcg = READ_ONCE(stock.cached_objcg);
                            ~~~~~~~~~~~~~~~~~~
    at file:///p/my%20fix.ts:9:29

TS2339 [ERROR]: Property 'nr_acct' does not exist on type 'obj_cgroup'.
    o.nr_acct += n;
      ~~~~~~~
    at file:///p/other.ts:3:7

error: Type checking failed.
`;

Deno.test("typeErrors() has a line per error, and says which address is meant", () => {
  const nameOf = (url: string) => url.endsWith("fix.ts") ? "my fix.ts" : "other.ts";
  assertEquals(typeErrors(PRINTED, nameOf), [
    "my fix.ts:9:29: Argument of type 'Ptr<obj_cgroup>' is not assignable to parameter of type " +
    "'Lvalue<unknown>'. The address of the field is stock.$cached_objcg.",
    "other.ts:3:7: Property 'nr_acct' does not exist on type 'obj_cgroup'.",
  ]);
});

Deno.test("typeErrors() reads errors that are not of types, and nothing out of nothing", () => {
  const syntax =
    "error: SyntaxError: Expression expected\n  |\n1 | (((;\n    at file:///a.ts:1:2\n";
  assertEquals(typeErrors(syntax, () => "a.ts"), ["a.ts:1:2: SyntaxError: Expression expected"]);
  assertEquals(typeErrors("error: no deno\n", String), []);
});
