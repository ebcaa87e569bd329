// Browser compatible.
import type { Engine } from "../../host/engine.ts";
import { engineWithoutSizes, type SizeModel, useSizes } from "./size.ts";
import { jscModel } from "./size_jsc.ts";
import { spiderMonkeyModel } from "./size_spidermonkey.ts";
import { v8Model } from "./size_v8.ts";

/** The model for an engine. */
export function sizeModel(engine: Engine): SizeModel {
  switch (engine) {
    case "v8":
      return v8Model(8);
    case "v8-compressed":
      return v8Model(4);
    case "jsc":
      return jscModel();
    case "spidermonkey":
      return spiderMonkeyModel();
  }
}

/** Has objects measured as the engine that runs this code lays them out. */
export function useOwnSizes(): void {
  if (engineWithoutSizes !== null) useSizes(sizeModel(engineWithoutSizes));
}
