/**
 * Backends in Java that answer as the real ones do, refusals included; also for end-to-end tests.
 */
package dev.musa.sinks.testing;
