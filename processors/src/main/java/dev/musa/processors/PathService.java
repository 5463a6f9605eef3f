package dev.musa.processors;

import dev.musa.runtime.lifecycle.Service;
import java.util.function.LongSupplier;

/**
 * A service that carries records from raw to processed topics.
 *
 * @param oldestPendingUnixMilli append time of the oldest record that it has read and not
 *     processed; {@link Long#MAX_VALUE} if nothing is pending
 */
public record PathService(Service service, LongSupplier oldestPendingUnixMilli) {}
