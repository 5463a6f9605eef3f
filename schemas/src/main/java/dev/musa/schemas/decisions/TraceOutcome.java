package dev.musa.schemas.decisions;

/**
 * What a trace came to.
 *
 * @param policy the policy that decided; empty if none did
 * @param rulesVersion the rule set that holds for all spans of the trace
 */
public record TraceOutcome(boolean kept, String policy, String rulesVersion) {}
