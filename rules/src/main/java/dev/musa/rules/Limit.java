package dev.musa.rules;

import java.time.Duration;

/**
 * A token bucket per key.
 *
 * @param items tokens that a bucket regains in the time {@code per}
 * @param burst tokens that a full bucket holds
 * @param exempt items that pass without taking a token; {@link Condition#NEVER} if the rule names
 *     none
 */
public record Limit(
    String name,
    Condition when,
    KeyExpression by,
    long items,
    Duration per,
    long burst,
    Condition exempt)
    implements Step {}
