import { FaultError } from "../../data/fault.js"

/** The clients, as `npm install` takes them. */
export const sdkPackages: { readonly openai: string; readonly anthropic: string } = {
  openai: "openai@^6.49.0",
  anthropic: "@anthropic-ai/sdk@^1.10.0",
}

/**
 * Loads an optional package. Where it is missing: the fault `Unavailable`, with the line that installs it.
 *
 * @param wanted what to install, such as `openai@^6.49.0`.
 * @param load a dynamic import.
 */
export async function loadPackage<T>(provider: string, wanted: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error
    const name = wanted.slice(0, wanted.lastIndexOf("@"))
    throw new FaultError({
      _tag: "Unavailable",
      message: `${provider} needs the package ${name}, which is not installed: npm install ${wanted}`,
      retry: "no",
    })
  }
}
