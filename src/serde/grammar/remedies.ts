import { own } from "../../data/json.js"

/** What to do about a step that its maker refuses, by the code of the refusal. */
const remedies: Readonly<Record<string, string>> = {
  among_empty: "list the flows that may be chosen, or leave `among` out",
  branch_empty: "add a case to `cases`",
  count: "write a whole number that is large enough",
  duplicate: "name each one once",
  duration: "write a duration such as `500ms`, `30s` or `5m`",
  graph_cycle: "take one of these dependencies away",
  graph_empty: "add a member: `name: { do: … }`",
  graph_unknown: "name members of the graph in `depends_on`",
  id: "write a text, or leave `id` out",
  id_taken: "choose another id",
  id_twice: "give one of them another id",
  limit_empty: "set one of `concurrency`, `calls`, `tokens` and `usd`",
  moa: "write `moa: { layers: [{ proposers: [a, b], aggregator: c }] }`",
  moa_empty: "add a layer to `layers`",
  money: "write an amount of dollars, 0 or more",
  name: "choose another name: letters, digits and _, and none that is taken",
  name_free: "bind it with `as:` on an earlier step, or mend its name",
  name_rebound: "choose another name",
  option: "write one of those",
  quorum_empty: "add a member to `of`",
  quorum_grace: "add `settle: quorum`, or leave `grace` out",
  quorum_range: "lower `n`, or add members to `of`",
  quorum_required: "name members of the quorum in `required`, and no more of them than `n`",
  race_empty: "add a branch",
  retry_base: "raise `max`, or lower `base`",
}

export const remedy = (code: string): string | undefined => own(remedies, code)
