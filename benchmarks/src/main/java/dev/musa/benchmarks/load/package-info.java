/** The load generator: replays a pool against an OTLP endpoint over gRPC. */
@NullMarked
package dev.musa.benchmarks.load;

import org.jspecify.annotations.NullMarked;
