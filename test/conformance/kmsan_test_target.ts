/** The cases of kmsan_test_cases.ts as operations. */
import { casesTarget } from "./expectations.ts";
import { CASES } from "./kmsan_test_cases.ts";

export default casesTarget("kmsan-test", "mm/kmsan/kmsan_test.c", CASES);
