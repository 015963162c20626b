/** Keys that the format reserves for what is not there yet: they get a hint of their own. */
export const later: ReadonlySet<string> = new Set(
  [
    ["preset", "import"],
    ["mcp", "a2a", "tools", "token_budget", "children", "restart_policy", "trace_sink", "mailbox"],
    ["lifetime", "limiter", "enable_rate_limiting", "rate_limits", "max_turns", "max_tool_calls_per_turn"],
    ["thinking_budget", "reasoning_effort", "tool_timeout", "stream", "forward_events", "forward_thinking"],
    ["cache_mode", "tool_continuation", "validate_tool_args", "accumulate_history", "worker_count"],
  ].flat(),
)
