/**
 * The program of a finding's page: unpacks the data and shows the steps.
 *
 * @module
 */
import { render } from "preact";
import { enableCopying } from "./copy.ts";
import { inflated } from "./inflate.ts";
import type { Packed } from "../pack.ts";
import { unpack } from "../pack.ts";
import { Steps } from "./steps.tsx";

enableCopying();
const data = unpack(await inflated<Packed>());
render(<Steps data={data} />, document.getElementById("app")!);
