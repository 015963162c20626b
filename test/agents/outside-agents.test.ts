import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AgentSystemOptions } from "troupe"
import { afterAll, describe, expect, it } from "vitest"
import { messageOf } from "../../src/data/fault.js"
import { run } from "./one-agent.js"

const node = JSON.stringify(process.execPath)

const script = (code: string, rest = ""): string => `{ command: [${node}, "-e", ${JSON.stringify(code)}]${rest} }`

/** Whether a process is there, and is no corpse that nobody has buried. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, "utf8"))
}

describe("an agent that is a process", () => {
  const here = mkdtempSync(join(tmpdir(), "troupe-command-"))
  afterAll(() => rmSync(here, { recursive: true, force: true }))
  const echo = "process.stdin.pipe(process.stdout)"

  it("gets a text as it is and anything else as JSON, and answers in text, or in JSON where it declares an output", async () => {
    expect(await run(script(echo), "two\nlines\n")).toBe("two\nlines")
    expect(await run(script(echo), { a: [1] })).toBe('{"a":[1]}')
    const typed = ", output: { type: object, required: [a] }"
    expect(await run(script(echo, typed), { a: [1] })).toEqual({ a: [1] })
    expect(await run(script(echo, typed), "no")).toMatchObject({
      _tag: "InvalidOutput",
      message: expect.stringContaining("answered `no`, which is no JSON"),
    })
    expect(await run(script(echo, typed), { b: 1 })).toMatchObject({ _tag: "InvalidOutput" })
  })

  it("is started without a shell, by words that may read params alone", async () => {
    const words = `{ command: [${node}, "-p", "process.argv.slice(1).join('|')", "--", "; echo $HOME", "n=\${params.n}"] }`
    expect(await run(words, "")).toBe("; echo $HOME|n=2")
    await expect(run("{ command: [echo, '${value}'] }", "x")).rejects.toThrow("the name `value` is not in scope here")
    await expect(run("{ command: [] }", "x")).rejects.toThrow("the command is empty")
  })

  it("sees no secret of the environment", async () => {
    process.env["TROUPE_TEST_SECRET"] = "hush"
    try {
      expect(await run(script("console.log(process.env.TROUPE_TEST_SECRET, !!process.env.PATH)"), "")).toBe(
        "undefined true",
      )
    } finally {
      delete process.env["TROUPE_TEST_SECRET"]
    }
  })

  it("fails with its exit code and the last lines of standard error", async () => {
    const code = "for (let i = 0; i < 9; i++) console.error('line ' + i); process.exitCode = 3"
    expect(await run(script(code), "")).toMatchObject({
      _tag: "AgentFailed",
      agent: "a",
      retry: "no",
      message: expect.stringMatching(/ended with exit code 3: line 4\nline 5\nline 6\nline 7\nline 8$/),
    })
    expect(await run("{ command: [no-such-program] }", "")).toMatchObject({
      _tag: "Unavailable",
      message: expect.stringContaining("no-such-program cannot be started: there is no such program on the path"),
    })
  })

  it("is ended, with all that it started, when it is aborted or out of time", async () => {
    const pids = join(here, "pids")
    const child = `require("fs").appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n"); setInterval(() => {}, 1000)`
    const code = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); ${child}`
    const written = async (): Promise<number[]> => {
      const read = (): string[] => (existsSync(pids) ? readFileSync(pids, "utf8").trim().split("\n") : [])
      while (read().length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
      return read().map(Number)
    }
    const abort = new AbortController()
    const running = run(script(code), "", { signal: abort.signal })
    const started = await written()
    abort.abort("enough")
    expect(await running).toMatchObject({ _tag: "Aborted" })
    await expect.poll(() => started.filter(lives)).toEqual([])
    const stuck = script("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)", ", timeout: 300ms")
    expect(await run(stuck, "")).toMatchObject({ _tag: "TimedOut", after: 300 })
  })

  it("that does not stop talking is ended", async () => {
    const code = "const b = Buffer.alloc(1 << 20); const w = () => process.stdout.write(b, w); w()"
    expect(await run(script(code), "")).toMatchObject({
      _tag: "AgentFailed",
      message: expect.stringContaining("more than 8 MiB"),
    })
  })

  it("does not run unless the host allows it", async () => {
    const marker = join(here, "ran")
    const code = `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`
    expect(await run(script(code), "", { allow: ["net"] })).toMatchObject({
      _tag: "Unavailable",
      message: expect.stringContaining('new AgentSystem({ allow: ["command"] })'),
    })
    expect(existsSync(marker)).toBe(false)
  })
})

describe("an agent that is a request", () => {
  type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void
  async function serving(handle: Handler): Promise<{ url: string; close: () => Promise<void> }> {
    const server = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk: Buffer) => (body += chunk.toString()))
      request.on("end", () => handle(request, response, body))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const close = (): Promise<void> => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    }
    return { url: `http://127.0.0.1:${port}`, close }
  }
  /** Asks one agent of one server, which answers by `handle`. */
  async function asked(
    handle: Handler,
    http: (url: string) => string,
    input: unknown,
    options?: AgentSystemOptions,
  ): Promise<unknown> {
    const server = await serving(handle)
    try {
      return await run(http(server.url), input, options)
    } finally {
      await server.close()
    }
  }
  const tell: Handler = ({ method, url, headers }, response, body) => {
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({ method, url, key: headers.authorization, type: headers["content-type"], body }))
  }

  it("fills its address, headers and body; what a value puts into the address stays where it is put", async () => {
    const http = (url: string): string =>
      `{ http: { method: PUT, url: "${url}/of/\${value.id}?q=\${value.q}", headers: { Authorization: "Bearer \${env.KEY}" }, body: { q: "\${value.q}", n: "\${params.n}" } } }`
    const input = { id: "../a/b", q: "x&admin=1#y" }
    expect(await asked(tell, http, input, { env: { KEY: "k-1234" } })).toEqual({
      method: "PUT",
      url: "/of/..%2Fa%2Fb?q=x%26admin%3D1%23y",
      key: "Bearer k-1234",
      type: "application/json",
      body: '{"q":"x&admin=1#y","n":2}',
    })
    expect(await asked(tell, http, { id: "..", q: "" }, { env: { KEY: "k" } })).toMatchObject({
      _tag: "InvalidInput",
      message: expect.stringContaining("a part that is . or .."),
    })
  })

  it("sends what arrived where it has no body, and reads what is asked", async () => {
    const post = (url: string): string => `{ http: { method: POST, url: "${url}/" } }`
    expect(await asked(tell, post, "hi")).toMatchObject({ body: "hi", type: "text/plain; charset=utf-8" })
    expect(await asked(tell, post, { a: 1 })).toMatchObject({ body: '{"a":1}', type: "application/json" })
    const get = (url: string): string => `{ http: { url: "${url}/" } }`
    expect(await asked((_, response) => response.end("plain"), get, "")).toBe("plain")
    const typed = (url: string): string => `{ http: { url: "${url}/" }, output: { type: integer } }`
    expect(await asked((_, response) => response.end("42"), typed, "")).toBe(42)
    expect(await asked((_, response) => response.end("x"), typed, "")).toMatchObject({ _tag: "InvalidOutput" })
  })

  it.each([
    [404, {}, { _tag: "AgentFailed", retry: "no" }],
    [500, {}, { _tag: "AgentFailed", retry: "yes" }],
    [503, { "retry-after": "2" }, { _tag: "AgentFailed", retry: { after: 2_000 } }],
    [429, { "retry-after": "3" }, { _tag: "RateLimited", retry: { after: 3_000 } }],
    [429, {}, { _tag: "RateLimited", retry: "yes" }],
  ] as const)(
    "%i %j is a fault that says whether to try again, and tells no secret",
    async (status, headers, fault) => {
      const http = (url: string): string => `{ http: { url: "${url}/", headers: { X-Api-Key: "\${env.KEY}" } } }`
      const ended = await asked(
        (request, response) =>
          response.writeHead(status, headers).end(`bad key ${String(request.headers["x-api-key"])}`),
        http,
        "",
        { env: { KEY: "hush-hush" } },
      )
      expect(ended).toMatchObject({
        ...fault,
        message: expect.stringContaining(`answered ${status}: bad key [secret]`),
      })
      expect(JSON.stringify(ended)).not.toContain("hush-hush")
    },
  )

  it("follows redirects on its host, and none off it", async () => {
    const other = await serving(tell)
    const redirect: Handler = (request, response, body) => {
      if (request.url === "/a") response.writeHead(302, { location: "/b" }).end()
      else if (request.url === "/b") tell(request, response, body)
      else if (request.url === "/loop") response.writeHead(307, { location: "/loop" }).end()
      else response.writeHead(302, { location: `${other.url}/stolen` }).end()
    }
    const at = (path: string) => (url: string) => `{ http: { method: POST, url: "${url}${path}" } }`
    try {
      expect(await asked(redirect, at("/a"), "x")).toMatchObject({ method: "GET", url: "/b", body: "" })
      expect(await asked(redirect, at("/c"), "x")).toMatchObject({
        _tag: "AgentFailed",
        retry: "no",
        message: expect.stringContaining("a redirect off the host is not followed"),
      })
      expect(await asked(redirect, at("/loop"), "x")).toMatchObject({
        message: expect.stringContaining("redirects more than 5 times"),
      })
    } finally {
      await other.close()
    }
  })

  it("an abort and a deadline reach the socket", async () => {
    const sockets: Promise<unknown>[] = []
    let arrived: () => void = () => undefined
    const server = await serving(({ socket }) => {
      sockets.push(new Promise((resolve) => socket.once("close", resolve)))
      arrived()
    })
    try {
      const abort = new AbortController()
      const here = new Promise<void>((resolve) => (arrived = resolve))
      const running = run(`{ http: { url: "${server.url}/" } }`, "", { signal: abort.signal })
      await here
      abort.abort("enough")
      expect(await running).toMatchObject({ _tag: "Aborted" })
      await Promise.all(sockets)
      const late = await run(`{ http: { url: "${server.url}/" }, timeout: 300ms }`, "")
      expect(late).toMatchObject({ _tag: "TimedOut", after: 300 })
      await Promise.all(sockets)
      expect(sockets.length).toBeGreaterThan(0)
    } finally {
      await server.close()
    }
  })

  it("that answers without end, or not at all, is a fault", async () => {
    const get = (url: string): string => `{ http: { url: "${url}/" } }`
    const endless: Handler = (_, response) => {
      const more = (): void => void response.write(Buffer.alloc(1 << 20), (error) => error ?? more())
      more()
    }
    expect(await asked(endless, get, "")).toMatchObject({ message: expect.stringContaining("more than 8 MiB") })
    const server = await serving(tell)
    await server.close()
    expect(await run(get(server.url), "")).toMatchObject({ _tag: "Unavailable", retry: "yes" })
    expect(await run(get("http://127.0.0.1:1"), "", { allow: [] })).toMatchObject({
      _tag: "Unavailable",
      retry: "no",
      message: expect.stringContaining('new AgentSystem({ allow: ["net"] })'),
    })
  })

  it.each([
    ['{ http: { url: "${value}" } }', "the host of this address is computed from what arrives"],
    ['{ http: { url: "https://a.example${value}" } }', "the host of this address is not written out"],
    ['{ http: { url: "https://me:pw@a.example/" } }', "a name or a password is written into this address"],
    ['{ http: { url: "${env.BASE}${value}" } }', "what follows the host of this address does not begin with /"],
    ['{ http: { url: "file:///etc/passwd" } }', "the host of this address is not written out"],
    [
      '{ http: { url: "https://a.example/", headers: { Authorization: "Bearer abc" } } }',
      "is written into the document",
    ],
    ['{ http: { url: "https://a.example/", headers: { "a b": c } } }', "`a b` is no name of a header"],
    ['{ http: { url: "https://a.example/${input}" } }', "the name `input` is not in scope here"],
    ["{ http: { uri: x } }", "http has no key `uri`"],
  ])("%s is refused: %s", async (agent, says) => {
    const refused = await run(agent, "").catch(messageOf)
    expect(refused).toContain(says)
  })
})
