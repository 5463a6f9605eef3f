package dev.musa.processors.traces;

/**
 * Pass one has seen that every trace of a record is kept, under this program, which changes
 * nothing: pass two need not look at the spans again.
 *
 * @param spans how many the record holds, counted
 */
record Whole(TraceProgram program, int spans) {}
