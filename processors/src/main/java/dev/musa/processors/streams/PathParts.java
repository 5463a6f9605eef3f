package dev.musa.processors.streams;

import dev.musa.processors.stages.Limits;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Topics;
import java.util.function.LongFunction;

/**
 * What the paths of a process share.
 *
 * @param rulesAt the rule set in force at a record's timestamp
 * @param transactions the open transaction of each stream thread
 * @param maxRecordBytes the largest value to write; what edits have made larger is divided
 */
public record PathParts(
    Topics topics,
    LongFunction<RuleSet> rulesAt,
    Limits limits,
    Transactions transactions,
    int maxRecordBytes) {}
