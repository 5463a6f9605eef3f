package dev.musa.processors;

import dev.musa.processors.stages.Limits;
import dev.musa.runtime.metrics.FlowCounters;
import java.nio.file.Path;

/**
 * What all paths of a process share.
 *
 * @param instance which of the processors this process is
 * @param stateDir of this process alone, locked
 */
public record Shared(String instance, Path stateDir, Limits limits, FlowCounters counters) {}
