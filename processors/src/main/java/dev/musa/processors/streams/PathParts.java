package dev.musa.processors.streams;

import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.stages.Limits;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Topics;
import java.time.InstantSource;
import java.util.function.LongFunction;

/**
 * What the paths of a process share.
 *
 * @param rulesAt the rule set in force at a record's timestamp
 * @param transactions the open transaction of each stream thread
 * @param pods what Kubernetes knows
 * @param maxRecordBytes the largest value to write; what edits have made larger is divided
 */
public record PathParts(
    Topics topics,
    LongFunction<RuleSet> rulesAt,
    Limits limits,
    Transactions transactions,
    PodIndex pods,
    InstantSource clock,
    int maxRecordBytes) {}
