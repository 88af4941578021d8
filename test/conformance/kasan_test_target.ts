/** The cases of kasan_test_cases.ts as operations. */
import { casesTarget } from "./expectations.ts";
import { CASES } from "./kasan_test_cases.ts";

export default casesTarget("kasan-test", "mm/kasan/kasan_test_c.c", CASES);
