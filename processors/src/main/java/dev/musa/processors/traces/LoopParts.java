package dev.musa.processors.traces;

import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.stages.Limits;
import dev.musa.schemas.Topics;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a loop thread is made of.
 *
 * @param maxRecordBytes the largest value to write
 * @param ticker for measuring, {@code clock} for the time of day
 */
record LoopParts(
    TracesConfig config,
    Topics topics,
    RuleSets rules,
    Limits limits,
    PodIndex pods,
    TraceClients clients,
    LoopCounters counters,
    int maxRecordBytes,
    Ticker ticker,
    InstantSource clock,
    RandomGenerator random) {}
