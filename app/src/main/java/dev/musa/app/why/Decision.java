package dev.musa.app.why;

import dev.musa.schemas.decisions.TraceOutcome;

/**
 * What was decided on a trace.
 *
 * @param decidedAtUnixMilli in the time of the raw records
 * @param spans that had been seen by then
 * @param conditions bit i: a span fulfilled the condition of policy i
 */
record Decision(
    long decidedAtUnixMilli,
    TraceOutcome outcome,
    int spans,
    long durationMicros,
    long conditions) {}
