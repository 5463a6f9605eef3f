package dev.musa.processors;

import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork.CountSink;
import java.nio.file.Path;

/**
 * What all paths of a process share.
 *
 * @param instance which of the processors this process is
 * @param stateDir of this process alone, locked
 * @param pods what Kubernetes knows
 */
public record Shared(
    String instance, Path stateDir, Limits limits, PodIndex pods, CountSink counters) {}
