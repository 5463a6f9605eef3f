/**
 * The embedded Kafka node: one KRaft broker and controller in this JVM, on loopback, that survives
 * kill -9, a full disk and long pauses without losing a transaction marker.
 *
 * <p>Everything here that calls Kafka's server classes is tied to the pinned Kafka version.
 */
@NullMarked
package dev.musa.app.node;

import org.jspecify.annotations.NullMarked;
